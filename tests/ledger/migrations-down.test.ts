import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import * as sqlEnqueue from '../../migrations/20261122_0007_sql_enqueue.ts'
import * as partitions from '../../migrations/20261122_0008_partitions.ts'
import * as sqlRest from '../../migrations/20261122_0009_sql_many_cancel_status.ts'
import * as jobLogs from '../../migrations/20261122_0018_job_logs.ts'
import { dumpSchema } from '../../src/db/dump-schema.ts'
import { acceptJobs } from '../../src/ledger/accept.ts'
import { newJob } from '../../src/ledger/new-job.ts'
import { maintainLedger } from '../../src/ledger/retention.ts'
import { givenJobAt, tracesOf } from './given-ended.ts'
import { plainJob } from './sql-types.ts'
import { type SqlWorld, startSqlWorld } from './sql-world.ts'

let world: SqlWorld
let database: SqlWorld['database']
beforeEach(async () => {
  world = await startSqlWorld()
  ;({ database } = world)
})
afterEach(async () => {
  await world.close()
})

/** Logs go with partitions: they are partitioned like all the others. */
const downwards = [jobLogs, sqlRest, partitions, sqlEnqueue]

it('the migrations of SQL and partitions go down without losing a row, and up again', async () => {
  await maintainLedger(database.knex)
  const now = Date.now()
  const [open, ended] = [await givenJobAt(database, now, 'open'), await givenJobAt(database, now, now)]
  for (const { down } of downwards) await database.knex.transaction(tx => down(tx))
  expect(await tracesOf(database, open)).toEqual(['jobs', 'live', 'attempt', 'effect'])
  expect(await tracesOf(database, ended)).toEqual(['jobs', 'outcome', 'attempt', 'effect'])
  const job = newJob(plainJob, { booking_id: '1' })
  await acceptJobs(database.run, [job])
  expect(await tracesOf(database, job.id)).toEqual(['jobs', 'live'])
  await expect(world.app.client.query('select 1 from hbnb_jobs.jobs')).rejects.toMatchObject({ code: '42501' })

  for (const { up } of downwards.toReversed()) await database.knex.transaction(tx => up(tx))
  const committed = await readFile(join(import.meta.dirname, '../../migrations/schema.sql'), 'utf8')
  expect(await dumpSchema(database.run)).toBe(committed)
  await maintainLedger(database.knex)
  expect(await tracesOf(database, ended)).toEqual(['jobs', 'outcome', 'attempt', 'effect'])
})
