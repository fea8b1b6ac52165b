import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectDatabase, type Database } from '../../src/db/connect.ts'
import { type Claim, claimer } from '../../src/ledger/claim.ts'
import { finishRuns, outcomeWriter } from '../../src/ledger/outcome.ts'
import { createTestDatabase } from '../setup/database.ts'
import { readsOf } from './live-reads.ts'

const name = 'test.work'
const rowsLoaded = 20_000
const batch = 30
/** Each row looked up a few times, with its older versions; a walk through the ledger would read it all for each. */
const mostReads = rowsLoaded

const completed = { kind: 'finish', outcome: 'completed', result: { n: 1 }, reason: null, error: null } as const
const again = {
  kind: 'continue',
  state: 'accepted',
  ending: 'retry',
  countsAsAttempt: true,
  delayMs: 1_000,
  error: null,
} as const

describe('a run', () => {
  let own: Awaited<ReturnType<typeof createTestDatabase>>
  let database: Database
  beforeAll(async () => {
    own = await createTestDatabase()
    // One connection, so that what is asked of it is asked where the plans are.
    database = connectDatabase(own.url, { walksIndexes: true, poolMax: 1 })
    await database.knex.raw('alter table hbnb_jobs.job_live set (autovacuum_enabled = false)')
  })
  afterAll(async () => {
    await database.close()
    await own.drop()
  })

  /** Queued rows; answers the first so many of them. */
  async function load(rows: number, wanted: number): Promise<{ id: string; run: number }[]> {
    await database.knex.raw(
      `with rows as (
         select gen_random_uuid() as id, now() - interval '1 hour' + i * interval '1 ms' as run_at from generate_series(1, :rows) as i
       ), facts as (
         insert into hbnb_jobs.jobs (id, name, version, payload, tenant, priority, run_at)
         select id, :name, 1, '{}', 't', 5, run_at from rows
       )
       insert into hbnb_jobs.job_live (id, name, priority, run_at, lane, state, run)
       select id, :name, 5, run_at, 't', 'queued', 1 from rows`,
      { rows, name },
    )
    return await database.knex('hbnb_jobs.job_live').where({ state: 'queued' }).select('id', 'run').limit(wanted)
  }

  async function claimAndEnd(copies: readonly { id: string; run: number }[]): Promise<void> {
    const claim = claimer(database.run, () => 1)
    const claims = (await Promise.all(copies.map(claim))).filter((found): found is Claim => found !== undefined)
    expect(claims).toHaveLength(copies.length)
    const [first, ...others] = claims
    if (!first) return
    const ended = await finishRuns(
      database.run,
      others.map(({ id, token }) => ({ id, token, ending: completed })),
    )
    expect(ended.size).toBe(others.length)
    expect(await outcomeWriter(database.run)(first.id, first.token, again)).toBe(true)
  }

  it('looks its rows up by id with plans made while the ledger was empty', async () => {
    await database.knex.raw('vacuum analyze hbnb_jobs.job_live')
    // More often than a plan is made for its values alone.
    for (let times = 0; times < 6; times += 1) await claimAndEnd(await load(1, 1))
    await database.knex('hbnb_jobs.job_live').delete()
    await database.knex.raw('vacuum analyze hbnb_jobs.job_live')
    for (let times = 0; times < 6; times += 1) await claimAndEnd(await load(1, 1))
    const copies = await load(rowsLoaded, batch)
    const before = await readsOf(database.run)
    await claimAndEnd(copies)
    const after = await readsOf(database.run)
    expect(after.sequential - before.sequential + after.byIndex - before.byIndex).toBeLessThan(mostReads)
  })
})
