import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { acceptJobs } from '../../src/ledger/accept.ts'
import { childJobId } from '../../src/ledger/job-id.ts'
import { newJob } from '../../src/ledger/new-job.ts'
import { maintainLedger } from '../../src/ledger/retention.ts'
import { dayMs, givenJobAt, partitionsOf, tracesOf } from './given-ended.ts'
import { plainJob } from './sql-types.ts'
import { type SqlWorld, startSqlWorld } from './sql-world.ts'

let world: SqlWorld
let database: SqlWorld['database']
beforeEach(async () => {
  world = await startSqlWorld()
  ;({ database } = world)
  await database.knex('hbnb_jobs.job_types').update({ retention_days: 30 })
  await maintain(0)
})
afterEach(async () => {
  await world.close()
})

const monday = Date.parse('2026-11-23T00:00:00Z')
const day = (days: number) => monday + days * dayMs
const maintain = (days: number) => maintainLedger(database.knex, new Date(day(days)))
const kept = ['jobs', 'outcome', 'attempt', 'effect']
const tables = ['jobs', 'job_live', 'job_outcomes', 'job_attempts', 'effects'] as const

async function everything(): Promise<unknown> {
  return await Promise.all(tables.map(table => database.knex(`hbnb_jobs.${table}`).orderBy([1])))
}

describe('a maintainer that dies', () => {
  it.each([
    [
      'while it moves open jobs out of a week',
      'jobs_default',
      'insert',
      day(1),
      'open',
      ['jobs', 'live', 'attempt', 'effect'],
    ],
    ['while it moves rows into a new week', 'job_outcomes_default', 'delete', day(41), day(41), kept],
    ['while it deletes ended jobs', 'job_attempts_default', 'delete', day(-3), day(-3), ['effect']],
  ] as const)('%s has done nothing, and the next one does it all', async (_, table, operation, accepted, end, left) => {
    const touched = await givenJobAt(database, accepted, end)
    const gone = await givenJobAt(database, day(1), day(1))
    const before = await everything()
    // Its connection is cut in the middle of the transaction.
    await database.knex.raw(`
      create function hbnb_jobs.die() returns trigger language plpgsql as $$
      begin perform pg_terminate_backend(pg_backend_pid()); return coalesce(new, old); end $$;
      create trigger die before ${operation} on hbnb_jobs.${table} for each row execute function hbnb_jobs.die()`)
    await expect(maintain(40)).rejects.toThrow(/terminat/)
    expect(await everything()).toEqual(before)

    await database.knex.raw(`drop trigger die on hbnb_jobs.${table}`)
    await maintain(40)
    expect(await tracesOf(database, touched)).toEqual(left)
    expect(await tracesOf(database, gone)).toEqual(['effect'])
    expect(await partitionsOf(database, 'jobs')).not.toContain('jobs_p20261123')
  })
})

describe('maintainers at once', () => {
  it('and jobs that are accepted meanwhile lose nothing', async () => {
    const parent = await givenJobAt(database, day(1), 'open')
    const open = await Promise.all(Array.from({ length: 20 }, () => givenJobAt(database, day(2), 'open')))
    const ended = await Promise.all(Array.from({ length: 20 }, () => givenJobAt(database, day(2), day(3))))
    // A child is stored with its parent: in the very week that is being dropped.
    const children = Array.from({ length: 40 }, (_, n) => childJobId(parent, `child-${n}`))
    const accepting = (async () => {
      for (const id of children) await acceptJobs(database.run, [newJob(plainJob, { booking_id: '1' }, { id })])
    })()
    const passes = await Promise.all([1, 2, 3, 4].map(() => maintain(40)))
    await accepting
    await maintain(40)
    expect(passes.reduce((sum, { droppedWeeks }) => sum + droppedWeeks, 0)).toBeLessThanOrEqual(1)
    for (const id of open) expect(await tracesOf(database, id)).toContain('jobs')
    for (const id of ended) expect(await tracesOf(database, id)).toEqual(['effect'])
    const { rows } = await database.knex.raw('select count(*)::int as kept from hbnb_jobs.jobs where id = any(?)', [
      children,
    ])
    expect(rows).toEqual([{ kept: 40 }])
    expect(await partitionsOf(database, 'jobs')).not.toContain('jobs_p20261123')
  })

  it('leave an old week to the next pass while a transaction uses it, and accepts go on', async () => {
    const id = await givenJobAt(database, day(1), day(1))
    const tx = await database.knex.transaction()
    try {
      await tx('hbnb_jobs.jobs').where({ id }).update({ entity: 'booking:1' })
      const maintaining = maintain(40)
      const startedMs = performance.now()
      await givenJobAt(database, day(40), 'open')
      expect(performance.now() - startedMs).toBeLessThan(3_000)
      expect(await maintaining).toMatchObject({ droppedWeeks: 0, postponedWeeks: 1 })
    } finally {
      await tx.rollback()
    }
    expect(await maintain(40)).toMatchObject({ droppedWeeks: 1, postponedWeeks: 0 })
  })
})
