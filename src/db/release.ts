import type { Catalog } from '../../queues/catalog.ts'
import { declareJobTypes } from '../ledger/job-types.ts'
import { maintainLedger } from '../ledger/retention.ts'
import { syncContractSchedules } from '../ledger/schedules/sync-contracts.ts'
import { migrateQueueSchema } from '../queue/postgres-backend.ts'
import { connectDatabase } from './connect.ts'
import { migrateDatabase } from './migrate.ts'

/**
 * The release step, before any process of the new version starts: schema, the queue's own tables where Postgres holds
 * the queues, job types, schedules, and partitions ahead (a partition made for the running week would make accepts that
 * meet it fail). Safe to run twice.
 */
export async function release(
  catalog: Catalog,
  { databaseUrl, queueUrl, queueKind }: { databaseUrl: string; queueUrl: string; queueKind: 'postgres' | 'redis' },
): Promise<void> {
  await migrateDatabase(databaseUrl)
  if (queueKind === 'postgres') await migrateQueueSchema(queueUrl)
  const { run, knex, close } = connectDatabase(databaseUrl, { poolMax: 2, name: 'hbnb-jobs-release' })
  try {
    await declareJobTypes(run, catalog)
    await syncContractSchedules(knex, catalog)
    await maintainLedger(knex)
  } finally {
    await close()
  }
}
