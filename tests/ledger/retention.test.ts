import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { firstJobIdAt } from '../../src/ledger/partitions.ts'
import { maintainLedger } from '../../src/ledger/retention.ts'
import { dayMs, givenJobAt, partitionsOf, tracesOf } from './given-ended.ts'
import { type SqlWorld, startSqlWorld } from './sql-world.ts'

let world: SqlWorld
let database: SqlWorld['database']
beforeEach(async () => {
  world = await startSqlWorld()
  ;({ database } = world)
  await database.knex('hbnb_jobs.job_types').update({ retention_days: 30 })
  await database.knex('hbnb_jobs.job_types').where({ name: 'sql-test.keyed' }).update({ retention_days: 7 })
})
afterEach(async () => {
  await world.close()
})

const monday = Date.parse('2026-11-23T00:00:00Z')
const day = (days: number) => monday + days * dayMs
const maintain = (days: number) => maintainLedger(database.knex, new Date(day(days)))
const ended = ['jobs', 'outcome', 'attempt', 'effect']
const brief = { name: 'sql-test.keyed' }

describe('an open job', () => {
  it('with run_at in 200 days survives any number of maintenance runs, whatever its retention', async () => {
    await maintain(0)
    const reminder = await givenJobAt(database, day(1), 'open', { runAt: new Date(day(200)) })
    const short = await givenJobAt(database, day(1), 'open', { ...brief, runAt: new Date(day(200)) })
    const gone = await givenJobAt(database, day(1), day(2))
    const facts = await database.knex('hbnb_jobs.jobs').where({ id: reminder }).first()
    for (let now = 1; now <= 201; now += 10) await maintain(now)

    expect(await partitionsOf(database, 'jobs')).not.toContain('jobs_p20261123')
    expect(await database.knex('hbnb_jobs.jobs').where({ id: reminder }).first()).toEqual(facts)
    const open = ['jobs', 'live', 'attempt', 'effect']
    expect(await tracesOf(database, reminder)).toEqual(open)
    expect(await tracesOf(database, short)).toEqual(open)
    expect(await tracesOf(database, gone)).toEqual([])
  })

  it('that ends at last is kept for its retention from then on', async () => {
    await maintain(0)
    const id = await givenJobAt(database, day(1), 'open', { runAt: new Date(day(200)) })
    for (const now of [40, 90, 150]) await maintain(now)
    await database.knex('hbnb_jobs.job_live').where({ id }).delete()
    await database
      .knex('hbnb_jobs.job_outcomes')
      .insert({ id, outcome: 'completed', attempts: 1, finished_at: new Date(day(200)) })
    for (const now of [201, 210, 229.9]) await maintain(now)
    expect(await tracesOf(database, id)).toEqual(ended)
    await maintain(230.1)
    expect(await tracesOf(database, id)).toEqual([])
  })
})

describe('ended jobs', () => {
  it('go when their type says, and not before', async () => {
    await maintain(0)
    const [short, long, late] = [
      await givenJobAt(database, day(1), day(1), brief),
      await givenJobAt(database, day(1), day(1)),
      await givenJobAt(database, day(1), day(12), brief),
    ]
    await maintain(7.9)
    expect(await tracesOf(database, short)).toEqual(ended)
    await maintain(8.1)
    expect(await tracesOf(database, short)).toEqual(['effect'])
    expect(await tracesOf(database, late)).toEqual(ended)
    await maintain(19.1)
    expect(await tracesOf(database, late)).toEqual(['effect'])
    // The week of the longest retention goes as a whole, when its last day is old enough.
    await maintain(36.9)
    expect(await tracesOf(database, long)).toEqual(ended)
    await maintain(37.1)
    expect(await tracesOf(database, long)).toEqual(['effect'])
    expect(await partitionsOf(database, 'jobs')).not.toContain('jobs_p20261123')
  })

  it('that ended long after they were accepted outlive the week they are stored in', async () => {
    await maintain(0)
    const id = await givenJobAt(database, day(1), day(30))
    expect(await maintain(38)).toMatchObject({ droppedWeeks: 1, movedJobs: 1 })
    expect(await tracesOf(database, id)).toEqual(ended)
    await maintain(59.9)
    expect(await tracesOf(database, id)).toEqual(ended)
    await maintain(60.1)
    expect(await tracesOf(database, id)).toEqual(['effect'])
  })

  it('of before there were partitions go too', async () => {
    const [old, young] = [
      await givenJobAt(database, day(-40), day(-40)),
      await givenJobAt(database, day(-20), day(-20)),
    ]
    expect(await maintain(0)).toMatchObject({ madeWeeks: 5, purgedJobs: 1 })
    expect(await tracesOf(database, old)).toEqual(['effect'])
    expect(await tracesOf(database, young)).toEqual(ended)
  })

  it('go sooner when the retention of their type is lowered, and a type nobody knows is kept longest', async () => {
    await maintain(0)
    const id = await givenJobAt(database, day(1), day(1))
    const unknown = await givenJobAt(database, day(1), day(1), { name: 'sql-test.forgotten' })
    await maintain(15)
    await database.knex('hbnb_jobs.job_types').where({ name: 'sql-test.plain' }).update({ retention_days: 7 })
    await maintain(15)
    expect(await tracesOf(database, id)).toEqual(['effect'])
    expect(await tracesOf(database, unknown)).toEqual(ended)
    await maintain(37.1)
    expect(await tracesOf(database, unknown)).toEqual(['effect'])
  })

  it('go in batches, all of them', async () => {
    await maintain(0)
    await database.knex.raw(
      `with ids as materialized (select overlay(hbnb_jobs.uuid_v7()::text placing ? from 1 for 13)::uuid as id from generate_series(1, 12000)),
       facts as (
         insert into hbnb_jobs.jobs (id, name, version, payload, tenant, priority, run_at)
         select id, 'sql-test.keyed', 1, '{}', 'default', 5, now() from ids)
       insert into hbnb_jobs.job_outcomes (id, outcome, attempts, finished_at) select id, 'completed', 1, ? from ids`,
      [(await givenJobAt(database, day(1), 'open')).slice(0, 13), new Date(day(1))],
    )
    expect(await maintain(9)).toMatchObject({ purgedJobs: 12_000, isMore: false })
    expect(await database.knex('hbnb_jobs.job_outcomes')).toEqual([])
    expect(await database.knex('hbnb_jobs.jobs')).toHaveLength(1)
  })
})

describe('what outlives its job', () => {
  it('is an effect, by thirty days; and for ever one that nobody knows the end of', async () => {
    await maintain(0)
    const [known, unknown] = [await givenJobAt(database, day(1), day(1)), await givenJobAt(database, day(1), day(1))]
    await database
      .knex('hbnb_jobs.effects')
      .where({ job_id: unknown })
      .update({ state: 'unknown', settled_at: null, unknown_at: new Date(day(1)) })
    await maintain(40)
    await maintain(60.9)
    expect(await tracesOf(database, known)).toEqual(['effect'])
    expect(await maintain(61.1)).toMatchObject({ effects: 1 })
    expect(await tracesOf(database, known)).toEqual([])
    expect(await tracesOf(database, unknown)).toEqual(['effect'])
  })

  it('is no idempotency key: that ends with its day', async () => {
    const key = { caller: 'sql:app', request_sha256: 'x', job_ids: [], answer: {} }
    await database.knex('hbnb_jobs.idempotency_keys').insert([
      { ...key, key: 'old', expires_at: new Date(day(1)) },
      { ...key, key: 'young', expires_at: new Date(day(3)) },
    ])
    expect(await maintain(2)).toMatchObject({ idempotencyKeys: 1 })
    expect(await database.knex('hbnb_jobs.idempotency_keys').pluck('key')).toEqual(['young'])
  })

  it('is the record of a process and of a tick, by thirty days; the newest tick of a schedule stays', async () => {
    const beat = { kind: 'worker', host: 'h', pid: 1 }
    await database.knex('hbnb_jobs.processes').insert([
      { ...beat, ended_at: new Date(day(1)), swept_at: new Date(day(1)) },
      { ...beat, ended_at: null, swept_at: null, started_at: new Date(day(1)) },
    ])
    await database.knex('hbnb_jobs.schedule_runs').insert(
      [0, 1, 2].map(slot => ({
        schedule_key: 'nightly',
        slot: new Date(day(slot)),
        decision: 'run',
        decided_at: new Date(day(slot)),
      })),
    )
    expect(await maintain(60)).toMatchObject({ processes: 0, scheduleRuns: 0 })
    expect(await maintain(90)).toMatchObject({ processes: 1, scheduleRuns: 2 })
    expect(await database.knex('hbnb_jobs.schedule_runs').pluck('slot')).toEqual([new Date(day(2))])
  })
})

describe('a batch', () => {
  it('goes with the traces of its jobs; one that nobody closed goes once its jobs are gone', async () => {
    const at = (n: number) => ({ created_at: new Date(day(n)), tenant: 'default' })
    const ids = [1, 2, 3, 4].map(n => firstJobIdAt(day(1) + n))
    const [old, young, empty, open] = ids
    await database.knex('hbnb_jobs.batches').insert([
      { ...at(1), id: old, closed_at: new Date(day(1)), done_at: new Date(day(1)) },
      { ...at(1), id: young, closed_at: new Date(day(1)), done_at: new Date(day(80)) },
      { ...at(1), id: empty },
      { ...at(1), id: open },
    ])
    const job = await givenJobAt(database, day(1), 'open')
    await database.knex('hbnb_jobs.jobs').where({ id: job }).update({ batch_id: open })
    expect(await maintain(90)).toMatchObject({ batches: 2 })
    expect(await database.knex('hbnb_jobs.batches').orderBy('id').pluck('id')).toEqual([young, open])
  })
})

describe('a replay', () => {
  it('goes with the traces of the jobs it was about, brought to its end or not', async () => {
    const given = (id: number, n: number, state: string) => ({
      id: firstJobIdAt(day(1) + id),
      until: new Date(day(n)),
      rate_per_second: 10,
      asked_by: 'zoe',
      total: 1,
      state,
      changed_at: new Date(day(n)),
    })
    await database.knex('hbnb_jobs.replays').insert([given(1, 1, 'done'), given(2, 1, 'running'), given(3, 80, 'done')])
    expect(await maintain(90)).toMatchObject({ replays: 2 })
    expect(await database.knex('hbnb_jobs.replays').pluck('id')).toEqual([firstJobIdAt(day(1) + 3)])
  })
})

describe('a type that is kept for years', () => {
  it('does not keep every week as a partition: what little is left of an old one is moved', async () => {
    await database.knex('hbnb_jobs.job_types').where({ name: 'sql-test.plain' }).update({ retention_days: 3_650 })
    await maintain(0)
    const [kept, gone] = [await givenJobAt(database, day(1), day(1)), await givenJobAt(database, day(1), day(1), brief)]
    expect(await maintain(188)).toMatchObject({ droppedWeeks: 0 })
    expect(await maintain(190)).toMatchObject({ droppedWeeks: 1, movedJobs: 1 })
    expect(await tracesOf(database, kept)).toEqual(ended)
    expect(await tracesOf(database, gone)).not.toContain('jobs')
  })
})
