import { afterEach, expect, it } from 'vitest'
import { maintainLedger } from '../../../src/ledger/retention.ts'
import { vacuumLive } from '../../../src/ledger/retention-vacuum.ts'
import { dayMs, jobIdAt, partitionsOf } from '../../ledger/given-ended.ts'
import { withoutWeeks } from '../../ledger/without-weeks.ts'
import { startEngine, type TestEngine } from '../../support/engine.ts'
import { testJob } from '../../support/test-job.ts'
import { until } from '../../support/until.ts'

let engine: TestEngine
afterEach(async () => {
  await engine.close()
})

const echo = testJob(async ({ n }) => ({ n }), { retention: { days: 30 } })

it('a job whose week was dropped long before its time still runs when that comes', async () => {
  engine = await startEngine([echo])
  const { database } = engine
  const acceptedMs = Date.now() - 60 * dayMs
  await withoutWeeks(database.knex)
  await maintainLedger(database.knex, new Date(acceptedMs))
  const runAt = new Date(acceptedMs + 200 * dayMs)
  const id = await engine.accept(echo.contract, { n: 7 }, { id: jobIdAt(acceptedMs), runAt })
  const home = await database
    .knex('hbnb_jobs.jobs')
    .where({ id })
    .first<{ week: string }>(database.knex.raw(`replace(tableoid::regclass::text, 'hbnb_jobs.', '') as week`))
  expect(await partitionsOf(database, 'jobs')).toContain(home.week)
  for (const days of [40, 100, 199]) await maintainLedger(database.knex, new Date(acceptedMs + days * dayMs))
  expect(await partitionsOf(database, 'jobs')).not.toContain(home.week)

  await database.knex('hbnb_jobs.job_live').where({ id }).update({ run_at: new Date() })
  expect(await engine.ended(id)).toMatchObject({ outcome: 'completed', result: { n: 7 } })
})

it('job_live is vacuumed when many jobs have ended', async () => {
  engine = await startEngine([echo])
  const { run, knex } = engine.database
  expect(await vacuumLive(run)).toBe(false)
  await knex.raw(`
    alter table hbnb_jobs.job_live set (autovacuum_enabled = false);
    insert into hbnb_jobs.job_live (id, name, priority, run_at)
    select hbnb_jobs.uuid_v7(), 'test.ended', 5, now() from generate_series(1, 12000);
    delete from hbnb_jobs.job_live where name = 'test.ended';
    select pg_stat_force_next_flush()`)
  await until('it vacuums', () => vacuumLive(run))
  await until('the dead are gone', async () => {
    const { rows } = await knex.raw(
      `select n_dead_tup::int as dead, vacuum_count::int as vacuums from pg_stat_user_tables where relname = 'job_live'`,
    )
    return rows[0].vacuums === 1 && rows[0].dead < 1_000
  })
})
