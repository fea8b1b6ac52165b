import { describe, expect, it } from 'vitest'
import type { DecidedSchedule } from '../../../src/ledger/schedules/decide-due.ts'
import { tickSchedules } from '../../../src/ledger/schedules/tick.ts'
import { catalogOf, openScheduleWorld, type SlotSchedule, slotContract } from './schedule-world.ts'

const key = 'tests.hourly'
const hourly = (changes: SlotSchedule = {}) => catalogOf(slotContract(key, { cron: '0 * * * *', ...changes }))

describe('one tick is one job', () => {
  it('whose payload, time and entity are the slot, not the moment it was decided', async () => {
    await using world = await openScheduleWorld()
    const catalog = hourly()
    await world.release(catalog, '2026-06-01T00:30:00Z')
    await world.tick(catalog, '2026-06-01T00:59:59.999Z')
    expect(await world.runs(key)).toEqual([])
    await world.tick(catalog, '2026-06-01T01:00:07Z')
    await world.tick(catalog, '2026-06-01T01:00:08Z')
    const [run] = await world.runs(key)
    expect(run).toMatchObject({ slot: '2026-06-01T01:00:00.000Z', decision: 'run', until: null, decided_by: null })
    const [job] = await world.knex('hbnb_jobs.jobs').select('id', 'name', 'payload', 'tenant', 'entity', 'run_at')
    expect(job).toEqual({
      id: run?.job_id,
      name: key,
      payload: { at: '2026-06-01T01:00:00.000Z' },
      tenant: 'default',
      entity: 'schedule:tests.hourly',
      run_at: new Date('2026-06-01T01:00:00Z'),
    })
    expect(await world.runs(key)).toHaveLength(1)
  })

  it('by the database clock when no other is given', async () => {
    await using world = await openScheduleWorld()
    const catalog = catalogOf(slotContract(key, { cron: '* * * * * *' }))
    const { rows } = await world.knex.raw<{ rows: { then: Date }[] }>(`select now() - interval '3 seconds' as then`)
    await world.release(catalog, rows[0]?.then.toISOString() ?? '')
    await tickSchedules(world.run, world.knex, catalog)
    expect((await world.runs(key)).length).toBeGreaterThanOrEqual(3)
  })
})

describe('away from 01:20 to 05:30, hourly', () => {
  it.each<[string, SlotSchedule, string[]]>([
    [
      'skip',
      { missed: 'skip' },
      ['02:00:00 skipped-missed', '03:00:00 skipped-missed', '04:00:00 skipped-missed', '05:00:00 skipped-missed'],
    ],
    [
      'once',
      { missed: 'once' },
      ['02:00:00 skipped-missed', '03:00:00 skipped-missed', '04:00:00 skipped-missed', '05:00:00 run'],
    ],
    ['all', { missed: { all: 10 } }, ['02:00:00 run', '03:00:00 run', '04:00:00 run', '05:00:00 run']],
    [
      'all, capped at 2',
      { missed: { all: 2 } },
      ['02:00:00 skipped-missed', '03:00:00 skipped-missed', '04:00:00 run', '05:00:00 run'],
    ],
  ])('missed %s', async (_, policy, expected) => {
    await using world = await openScheduleWorld()
    const catalog = hourly(policy)
    await world.release(catalog, '2026-06-01T00:30:00Z')
    await world.tick(catalog, '2026-06-01T01:00:00.300Z')
    await world.tick(catalog, '2026-06-01T01:20:00Z')
    await world.tick(catalog, '2026-06-01T05:30:00Z')
    await world.tick(catalog, '2026-06-01T06:00:00.100Z')
    const all = ['01:00:00 run', ...expected, '06:00:00 run']
    expect(await world.decisions(key)).toEqual(all)
    const ran = all.filter(line => line.endsWith(' run')).map(line => `2026-06-01T${line.slice(0, 8)}.000Z`)
    expect(await world.payloads(key)).toEqual(ran)
  })

  it('a year away from a schedule of every second is one look: the newest are listed, the others share a row', async () => {
    await using world = await openScheduleWorld()
    const catalog = catalogOf(slotContract(key, { cron: '* * * * * *', missed: { all: 5 } }))
    await world.release(catalog, '2025-06-01T00:00:00Z')
    await world.tick(catalog, '2026-06-01T00:00:10.500Z')
    const runs = await world.runs(key)
    expect(runs).toHaveLength(1_001)
    expect(runs[0]).toMatchObject({
      slot: '2025-06-01T00:00:01.000Z',
      decision: 'skipped-missed',
      until: runs[1]?.slot,
    })
    expect(runs.slice(-8).map(({ slot, decision }) => `${slot.slice(17, 19)} ${decision}`)).toEqual([
      '03 skipped-missed',
      ...['04', '05', '06', '07', '08'].map(second => `${second} run`),
      // On time, besides the five that catch up.
      '09 run',
      '10 run',
    ])
  })
})

describe('a run that does not end', () => {
  it('overlap skip: later slots are recorded and run nothing, until it has ended', async () => {
    await using world = await openScheduleWorld()
    const catalog = hourly({ overlap: 'skip' })
    await world.release(catalog, '2026-06-01T00:30:00Z')
    const skips: DecidedSchedule['overlapSkips'][] = []
    for (const hour of ['01', '02', '03', '04']) {
      await world.tick(catalog, `2026-06-01T${hour}:00:01Z`, ({ overlapSkips }) => skips.push(overlapSkips))
    }
    await world.endJobs(key)
    await world.tick(catalog, '2026-06-01T05:00:01Z', ({ overlapSkips }) => skips.push(overlapSkips))
    expect(await world.decisions(key)).toEqual([
      '01:00:00 run',
      '02:00:00 skipped-overlap',
      '03:00:00 skipped-overlap',
      '04:00:00 skipped-overlap',
      '05:00:00 run',
    ])
    expect(skips.map(({ after }) => after)).toEqual([0, 1, 2, 3, 0])
  })

  it('overlap queue: every slot runs, in order', async () => {
    await using world = await openScheduleWorld()
    const catalog = hourly({ overlap: 'queue' })
    await world.release(catalog, '2026-06-01T00:30:00Z')
    for (const hour of ['01', '02', '03']) await world.tick(catalog, `2026-06-01T${hour}:00:01Z`)
    expect(await world.decisions(key)).toEqual(['01:00:00 run', '02:00:00 run', '03:00:00 run'])
    expect(await world.payloads(key)).toEqual(['01', '02', '03'].map(hour => `2026-06-01T${hour}:00:00.000Z`))
  })
})

describe('a payload its contract refuses', () => {
  it('costs its slot and not the schedule, nor the others', async () => {
    await using world = await openScheduleWorld()
    const bad = new Date('2026-06-01T02:00:00Z').getTime()
    const fickle = slotContract('tests.fickle', {
      cron: '0 * * * *',
      payload: slot => ({ at: slot.getTime() === bad ? 'soon' : slot.toISOString() }),
    })
    const catalog = catalogOf(fickle, slotContract(key, { cron: '0 * * * *' }))
    await world.release(catalog, '2026-06-01T00:30:00Z')
    const refusals: unknown[] = []
    for (const hour of ['01', '02', '03']) {
      await world.tick(catalog, `2026-06-01T${hour}:00:01Z`, ({ refusal }) => refusal && refusals.push(refusal))
    }
    expect(await world.decisions('tests.fickle')).toEqual(['01:00:00 run', '02:00:00 refused', '03:00:00 run'])
    expect(await world.decisions(key)).toEqual(['01:00:00 run', '02:00:00 run', '03:00:00 run'])
    expect(refusals).toHaveLength(1)
  })
})
