import { pino } from 'pino'
import { Registry } from 'prom-client'
import { describe, expect, it } from 'vitest'
import { startScheduler } from '../../../src/ledger/schedules/start-scheduler.ts'
import { syncContractSchedules } from '../../../src/ledger/schedules/sync-contracts.ts'
import { startEngine } from '../../support/engine.ts'
import { testJob } from '../../support/test-job.ts'
import { until } from '../../support/until.ts'
import { catalogOf, openScheduleWorld, type ScheduleWorld, slotContract } from './schedule-world.ts'

const key = 'tests.each-second'

function kept() {
  const lines: string[] = []
  return { lines, log: pino({ level: 'warn' }, { write: line => lines.push(line) }) }
}

async function now(world: ScheduleWorld): Promise<string> {
  const { rows } = await world.knex.raw<{ rows: { now: Date }[] }>('select now()')
  return rows[0]?.now.toISOString() ?? ''
}

describe('a running scheduler', () => {
  it('two of them make each second one job, and count it', async () => {
    await using world = await openScheduleWorld()
    const catalog = catalogOf(slotContract(key, { cron: '* * * * * *' }))
    const registries = [new Registry(), new Registry()]
    await world.release(catalog, await now(world))
    const { log } = kept()
    const schedulers = registries.map(registry => startScheduler({ ...world, catalog, log, registry }))
    await until('four slots have been decided', async () => (await world.runs(key)).length >= 4)
    await Promise.all(schedulers.map(scheduler => scheduler.stop()))
    const runs = await world.runs(key)
    expect(await world.payloads(key)).toEqual(runs.map(({ slot }) => slot))
    const gaps = runs.slice(1).map(({ slot }, index) => Date.parse(slot) - Date.parse(runs[index]?.slot ?? ''))
    expect(new Set(gaps)).toEqual(new Set([1_000]))
    const counted = await Promise.all(registries.map(registry => registry.metrics()))
    const total = counted.join('\n').matchAll(/ticks_total\{schedule="tests.each-second",decision="run"\} (\d+)/g)
    expect([...total].reduce((sum, [, count]) => sum + Number(count), 0)).toBe(runs.length)
  })

  it('says loudly that slot after slot meets a run that does not end, and warns of misses and refusals', async () => {
    await using world = await openScheduleWorld()
    const catalog = catalogOf(
      slotContract(key, { cron: '* * * * * *', overlap: 'skip' }),
      slotContract('tests.missed', { cron: '0 * * * * *' }),
      slotContract('tests.refused', { cron: '* * * * * *', payload: () => ({ at: 'never' }) }),
    )
    await world.release(catalogOf(...[...catalog.values()].slice(0, 2)), await now(world))
    await world.knex('hbnb_jobs.schedules').insert({
      key: 'tests.refused',
      job_name: 'tests.refused',
      source: 'contract',
      cron: '* * * * * *',
      zone: 'UTC',
      missed: 'skip',
      overlap: 'queue',
    })
    await world
      .knex('hbnb_jobs.schedules')
      .where({ key: 'tests.missed' })
      .update({ decided_until: world.knex.raw(`now() - interval '3 hours'`) })
    const { log, lines } = kept()
    const registry = new Registry()
    const scheduler = startScheduler({ ...world, catalog, log, registry })
    const logged = (text: string) => () => lines.some(line => line.includes(text))
    await until('the alarm', logged('slot after slot meets a run that does not end'))
    await until('the misses', logged('slots were missed'))
    await until('the refusal', logged('refused the payload'))
    await scheduler.stop()
    expect(await registry.metrics()).toContain(
      'hbnb_jobs_schedule_overlap_alarms_total{schedule="tests.each-second"} 1',
    )
    expect((await world.runs(key)).filter(({ decision }) => decision === 'run')).toHaveLength(1)
  })

  it('survives a database that is away for a while', async () => {
    await using world = await openScheduleWorld()
    const catalog = catalogOf(slotContract(key, { cron: '* * * * * *', missed: { all: 60 } }))
    await world.release(catalog, await now(world))
    const { log, lines } = kept()
    await world.knex.raw('alter table hbnb_jobs.schedules rename to schedules_away')
    const scheduler = startScheduler({ ...world, catalog, log, registry: new Registry() })
    await until('a failed pass', () => lines.some(line => line.includes('making ticks failed')))
    await world.knex.raw('alter table hbnb_jobs.schedules_away rename to schedules')
    await until('two slots have been decided', async () => (await world.runs(key)).length >= 2)
    await scheduler.stop()
    expect((await world.runs(key)).every(({ decision }) => decision === 'run')).toBe(true)
  })
})

it('a schedule of every second is done by workers, each slot once', async () => {
  const seen: number[] = []
  const type = testJob(
    async ({ n }) => {
      seen.push(n)
      return { n }
    },
    {
      schedule: {
        cron: '* * * * * *',
        zone: 'Europe/Paris',
        missed: 'skip',
        overlap: 'queue',
        payload: slot => ({ n: Math.floor(slot.getTime() / 1_000) }),
      },
    },
  )
  const engine = await startEngine([type])
  const { run, knex } = engine.database
  const catalog = catalogOf(type.contract)
  await syncContractSchedules(knex, catalog)
  const { log } = kept()
  const scheduler = startScheduler({ run, knex, catalog, log, registry: new Registry() })
  try {
    await until('three slots were worked off', () => seen.length >= 3)
  } finally {
    await scheduler.stop()
    await engine.close()
  }
  expect(new Set(seen).size).toBe(seen.length)
})
