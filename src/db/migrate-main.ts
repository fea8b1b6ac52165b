import { loadCatalog } from '../../queues/catalog.ts'
import { loadConfig } from '../config/load.ts'
import { declareJobTypes } from '../ledger/job-types.ts'
import { runProcess } from '../observability/run-process.ts'
import { migrateQueueSchema } from '../queue/postgres-backend.ts'
import { connectDatabase } from './connect.ts'
import { migrateDatabase } from './migrate.ts'

/** `npm run migrate`: the release step. Schema, the queue's own tables where Postgres holds the queues, job types. */
await runProcess('migrate', async ({ log, stop }) => {
  const { database, queue } = loadConfig()
  await migrateDatabase(database.directUrl)
  if (queue.kind === 'postgres') await migrateQueueSchema(queue.url)
  const { run, close } = connectDatabase(database.directUrl, { poolMax: 1, name: 'hbnb-jobs-migrate' })
  const catalog = await loadCatalog()
  await declareJobTypes(run, catalog)
  await close()
  log.info({ jobs: catalog.size, queue: queue.kind }, 'migrated')
  stop(0)
})
