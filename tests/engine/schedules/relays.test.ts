import { describe, expect, it } from 'vitest'
import { statementsIn } from '../../../src/db/statement.ts'
import { decideDue } from '../../../src/ledger/schedules/decide-due.ts'
import { holdSchedule } from '../../../src/ledger/schedules/schedule-row.ts'
import { tickSchedules } from '../../../src/ledger/schedules/tick.ts'
import { catalogOf, openScheduleWorld, slotContract } from './schedule-world.ts'

const relays = 20

describe('several relays at once', () => {
  it(`${relays} concurrent passes over 12 schedules make each slot one job`, async () => {
    await using world = await openScheduleWorld()
    const names = Array.from('abcdefghijkl', letter => `tests.job-${letter}`)
    const catalog = catalogOf(...names.map(name => slotContract(name, { cron: '0 * * * *', missed: { all: 100 } })))
    await world.release(catalog, '2026-06-01T00:30:00Z')
    for (const at of ['2026-06-01T01:00:01Z', '2026-06-01T05:30:00Z', '2026-06-01T06:00:00Z']) {
      await Promise.all(Array.from({ length: relays }, () => world.tick(catalog, at)))
    }
    for (const name of names) {
      const expected = ['01', '02', '03', '04', '05', '06'].map(hour => `2026-06-01T${hour}:00:00.000Z`)
      expect(await world.payloads(name)).toEqual(expected)
      expect(await world.decisions(name)).toHaveLength(6)
    }
  })

  it('whose clocks disagree decide no slot twice and none backwards', async () => {
    await using world = await openScheduleWorld()
    const catalog = catalogOf(slotContract('tests.hourly', { cron: '0 * * * *' }))
    await world.release(catalog, '2026-06-01T00:30:00Z')
    for (const at of ['02:00:01', '01:00:01', '01:59:00', '02:00:30', '03:00:00', '01:00:00', '04:00:00']) {
      await world.tick(catalog, `2026-06-01T${at}Z`)
    }
    expect(await world.decisions('tests.hourly')).toEqual([
      '01:00:00 skipped-missed',
      '02:00:00 run',
      '03:00:00 run',
      '04:00:00 run',
    ])
  })

  it('leave a schedule to the relays of the newest release, and one they do not know alone', async () => {
    await using world = await openScheduleWorld()
    const name = 'tests.hourly'
    const old = catalogOf(slotContract(name, { cron: '0 * * * *' }))
    const fresh = catalogOf(slotContract(name, { cron: '0 * * * *' }, { version: 2 }))
    await world.release(fresh, '2026-06-01T00:30:00Z')
    await world.knex('hbnb_jobs.job_types').insert({ name, about: 'x', version: 2, open: true, required: '{}' })
    expect(await world.tick(old, '2026-06-01T01:00:01Z')).toBe(0)
    expect(await world.tick(catalogOf(), '2026-06-01T01:00:01Z')).toBe(0)
    expect(await world.tick(catalogOf(slotContract(name, 'none', { version: 2 })), '2026-06-01T01:00:01Z')).toBe(0)
    expect(await world.tick(fresh, '2026-06-01T01:00:02Z')).toBe(1)
    expect(await world.decisions(name)).toEqual(['01:00:00 run'])
  })

  it('pass over a schedule that cannot be decided, and try it again later', async () => {
    await using world = await openScheduleWorld()
    const catalog = catalogOf(
      slotContract('tests.broken', { cron: '0 * * * *' }),
      slotContract('tests.hourly', { cron: '0 * * * *' }),
    )
    await world.release(catalog, '2026-06-01T00:30:00Z')
    await world.knex('hbnb_jobs.schedules').where({ key: 'tests.broken' }).update({ cron: 'nonsense' })
    const faults: string[] = []
    const pass = (at: string) =>
      tickSchedules(world.run, world.knex, catalog, { now: new Date(at), onFault: key => faults.push(key) })
    await pass('2026-06-01T01:00:01Z')
    await pass('2026-06-01T01:00:02Z')
    expect(faults).toEqual(['tests.broken'])
    expect(await world.decisions('tests.hourly')).toEqual(['01:00:00 run'])
    await world.knex('hbnb_jobs.schedules').where({ key: 'tests.broken' }).update({ cron: '0 * * * *' })
    await pass('2026-06-01T01:01:02Z')
    expect(await world.decisions('tests.broken')).toEqual(['01:00:00 skipped-missed'])
  })

  it('pass over a schedule another one holds, without waiting for it', async () => {
    await using world = await openScheduleWorld()
    const catalog = catalogOf(
      slotContract('tests.held', { cron: '0 * * * *' }),
      slotContract('tests.hourly', { cron: '0 * * * *' }),
    )
    await world.release(catalog, '2026-06-01T00:30:00Z')
    await world.knex.transaction(async tx => {
      await holdSchedule(statementsIn(tx), 'tests.held', undefined)
      expect(await world.tick(catalog, '2026-06-01T01:00:01Z')).toBe(1)
    })
    expect(await world.decisions('tests.held')).toEqual([])
    expect(await world.tick(catalog, '2026-06-01T01:00:02Z')).toBe(1)
    expect(await world.decisions('tests.held')).toEqual(['01:00:00 run'])
  })

  it('make no job for a slot that has a row already', async () => {
    await using world = await openScheduleWorld()
    const catalog = catalogOf(slotContract('tests.hourly', { cron: '0 * * * *' }))
    await world.release(catalog, '2026-06-01T00:30:00Z')
    await world
      .knex('hbnb_jobs.schedule_runs')
      .insert({ schedule_key: 'tests.hourly', slot: '2026-06-01T01:00:00Z', decision: 'by-hand' })
    await world.tick(catalog, '2026-06-01T01:00:01Z')
    await world.tick(catalog, '2026-06-01T02:00:01Z')
    expect(await world.decisions('tests.hourly')).toEqual(['01:00:00 by-hand', '02:00:00 run'])
    expect(await world.payloads('tests.hourly')).toEqual(['2026-06-01T02:00:00.000Z'])
  })

  it('a pass that dies before its commit leaves nothing; the next one makes the same job', async () => {
    await using world = await openScheduleWorld()
    const catalog = catalogOf(slotContract('tests.hourly', { cron: '0 * * * *' }))
    await world.release(catalog, '2026-06-01T00:30:00Z')
    const cut = world.knex.transaction(async tx => {
      const run = statementsIn(tx)
      const held = await holdSchedule(run, 'tests.hourly', new Date('2026-06-01T01:00:01Z'))
      const contract = catalog.get('tests.hourly')
      if (!held || !contract) throw new Error('no schedule')
      await decideDue(run, held, contract)
      // The process is gone: its connection with it.
      await tx.raw('select pg_terminate_backend(pg_backend_pid())')
    })
    await expect(cut).rejects.toThrow(/terminat/)
    expect(await world.decisions('tests.hourly')).toEqual([])
    await world.tick(catalog, '2026-06-01T01:00:03Z')
    expect(await world.payloads('tests.hourly')).toEqual(['2026-06-01T01:00:00.000Z'])
  })
})
