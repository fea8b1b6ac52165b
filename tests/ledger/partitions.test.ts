import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { connectDatabase, type Database } from '../../src/db/connect.ts'
import { acceptJobs } from '../../src/ledger/accept.ts'
import { timeOfJobId } from '../../src/ledger/job-id.ts'
import { newJob } from '../../src/ledger/new-job.ts'
import { firstJobIdAt, listWeeks, makePartitions, missingWeeks } from '../../src/ledger/partitions.ts'
import { createTestDatabase } from '../setup/database.ts'
import { jobIdAt, partitionsOf } from './given-ended.ts'
import { plainJob } from './sql-types.ts'
import { withoutWeeks } from './without-weeks.ts'

let own: Awaited<ReturnType<typeof createTestDatabase>>
let database: Database
beforeEach(async () => {
  own = await createTestDatabase()
  database = connectDatabase(own.url)
  await withoutWeeks(database.knex)
})
afterEach(async () => {
  await database.close()
  await own.drop()
})

/** A Wednesday. */
const wednesday = Date.parse('2026-11-25T10:00:00Z')
const weekMs = 7 * 86_400_000

async function accept(atMs: number): Promise<string> {
  const job = newJob(plainJob, { booking_id: '1' }, { id: jobIdAt(atMs) })
  await acceptJobs(database.run, [job])
  return job.id
}

async function partitionOf(id: string): Promise<string> {
  const { rows } = await database.knex.raw('select tableoid::regclass::text as name from hbnb_jobs.jobs where id = ?', [
    id,
  ])
  return rows[0].name
}

describe('weeks', () => {
  it('begin on Monday, 00:00 UTC, and reach four weeks ahead', () => {
    const weeks = missingWeeks([], wednesday)
    expect(weeks.map(({ suffix }) => suffix)).toEqual(['p20261123', 'p20261130', 'p20261207', 'p20261214', 'p20261221'])
    for (const { fromMs, toMs } of weeks) expect(toMs - fromMs).toBe(weekMs)
  })

  it('go on where the last one ends, also when that was long ago or is no Monday', () => {
    const [week] = missingWeeks([], wednesday)
    if (!week) throw new Error('there is no week')
    expect(missingWeeks([week], wednesday).map(({ suffix }) => suffix)[0]).toBe('p20261130')
    expect(missingWeeks([week], wednesday + 10 * weekMs).map(({ suffix }) => suffix)[0]).toBe('p20270201')
    const odd = { suffix: 'p20261126', fromMs: week.fromMs, toMs: wednesday + 86_400_000 }
    expect(missingWeeks([odd], wednesday)[0]).toMatchObject({ fromMs: odd.toMs, toMs: week.toMs })
  })

  it('are bounded by the smallest id of their first instant', () => {
    const bound = firstJobIdAt(wednesday)
    expect(timeOfJobId(bound)).toBe(wednesday)
    expect(bound < jobIdAt(wednesday)).toBe(true)
    expect(bound > jobIdAt(wednesday - 1)).toBe(true)
  })
})

describe('making partitions', () => {
  it('makes each week once, in four tables, and new rows go into it', async () => {
    expect(await makePartitions(database.knex, wednesday)).toBe(5)
    expect(await makePartitions(database.knex, wednesday)).toBe(0)
    expect(await makePartitions(database.knex, wednesday + weekMs)).toBe(1)
    for (const table of ['jobs', 'job_outcomes', 'job_attempts', 'job_logs']) {
      expect(await partitionsOf(database, table)).toEqual([
        `${table}_default`,
        ...['1123', '1130', '1207', '1214', '1221', '1228'].map(day => `${table}_p2026${day}`),
      ])
    }
    expect(await partitionOf(await accept(wednesday))).toBe('hbnb_jobs.jobs_p20261123')
    expect(await partitionOf(await accept(wednesday + 4 * weekMs))).toBe('hbnb_jobs.jobs_p20261221')
    expect(await partitionOf(await accept(wednesday - weekMs))).toBe('hbnb_jobs.jobs_default')
  })

  it('have every index and constraint of their parent', async () => {
    await makePartitions(database.knex, wednesday)
    const { rows } = await database.knex.raw(`
      select parent.relname as "table",
             (select count(*)::int from pg_index where indrelid = i.inhparent) as wanted,
             (select count(*)::int from pg_index x join pg_inherits xi on xi.inhrelid = x.indexrelid
              where x.indrelid = i.inhrelid and x.indisvalid) as attached
      from pg_inherits i join pg_class parent on parent.oid = i.inhparent
      join pg_class part on part.oid = i.inhrelid and part.relname like '%p20261123'`)
    expect(rows).toHaveLength(4)
    for (const { wanted, attached } of rows) expect(attached).toBe(wanted)
  })

  it('moves what the default partitions hold of a week, and loses nothing', async () => {
    const ids = [await accept(wednesday - weekMs), await accept(wednesday), await accept(wednesday + weekMs)]
    await database.knex('hbnb_jobs.job_outcomes').insert({ id: ids[1], outcome: 'completed', attempts: 1 })
    await database.knex('hbnb_jobs.job_attempts').insert({ job_id: ids[1], attempt: 1, token: 1, ending: 'retry' })
    const before = await database.knex('hbnb_jobs.jobs').orderBy('id')
    await makePartitions(database.knex, wednesday)
    expect(await database.knex('hbnb_jobs.jobs').orderBy('id')).toEqual(before)
    expect(await Promise.all(ids.map(partitionOf))).toEqual([
      'hbnb_jobs.jobs_default',
      'hbnb_jobs.jobs_p20261123',
      'hbnb_jobs.jobs_p20261130',
    ])
    expect(await database.knex('hbnb_jobs.job_outcomes_p20261123')).toHaveLength(1)
    expect(await database.knex('hbnb_jobs.job_attempts_p20261123')).toHaveLength(1)
  })

  it('leaves a crowd where it is, and begins after it', async () => {
    await database.knex.raw(
      `insert into hbnb_jobs.jobs (id, name, version, payload, tenant, priority, run_at)
       select overlay(hbnb_jobs.uuid_v7()::text placing ? from 1 for 13)::uuid, 'sql-test.plain', 1, '{}', 'default', 5, now()
       from generate_series(1, 10001)`,
      [firstJobIdAt(wednesday).slice(0, 13)],
    )
    expect(await makePartitions(database.knex, wednesday)).toBe(5)
    const [first] = await listWeeks(database.knex)
    expect(first).toMatchObject({ fromMs: wednesday + 600_000, toMs: Date.parse('2026-11-30T00:00:00Z') })
    expect(await database.knex('hbnb_jobs.jobs_default').count()).toEqual([{ count: '10001' }])
    expect(await makePartitions(database.knex, wednesday)).toBe(0)
  })

  it('gives way to a transaction that stays open, and nobody waits behind it for long', async () => {
    const tx = await database.knex.transaction()
    try {
      await tx.raw(`insert into hbnb_jobs.jobs (id, name, version, payload, tenant, priority, run_at)
        values ('${jobIdAt(wednesday)}', 'sql-test.plain', 1, '{}', 'default', 5, now())`)
      const making = makePartitions(database.knex, wednesday)
      const startedMs = performance.now()
      await accept(wednesday)
      expect(performance.now() - startedMs).toBeLessThan(2_000)
      expect(await making).toBe(0)
    } finally {
      await tx.rollback()
    }
    expect(await makePartitions(database.knex, wednesday)).toBe(5)
  })

  it('by four maintainers at once makes each once', async () => {
    const made = await Promise.all([1, 2, 3, 4].map(() => makePartitions(database.knex, wednesday)))
    const rest = await makePartitions(database.knex, wednesday)
    expect(made.reduce((sum, one) => sum + one, rest)).toBe(5)
    expect(await listWeeks(database.knex)).toHaveLength(5)
  })
})
