import { loadCatalog } from '../../queues/catalog.ts'
import { loadConfig } from '../config/load.ts'
import { runProcess } from '../observability/run-process.ts'
import { release } from './release.ts'

/** `npm run migrate`: the release step. */
await runProcess('migrate', async ({ log, stop }) => {
  const { database, queue } = loadConfig()
  const catalog = await loadCatalog()
  await release(catalog, { databaseUrl: database.directUrl, queueUrl: queue.url, queueKind: queue.kind })
  log.info({ jobs: catalog.size, queue: queue.kind }, 'migrated')
  stop(0)
})
