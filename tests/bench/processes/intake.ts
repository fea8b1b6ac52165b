import { Registry } from 'prom-client'
import { defineJob } from '../../../queues/define-job.ts'
import { loadConfig } from '../../../src/config/load.ts'
import { connectDatabase } from '../../../src/db/connect.ts'
import { createApp } from '../../../src/intake/app.ts'
import { listen } from '../../../src/intake/listen.ts'
import { createLog } from '../../../src/observability/log.ts'
import { openQueueBackend } from '../../../src/queue/backend.ts'
import contract from '../job-types/contracts/bench/noop.ts'
import { serve } from './serve.ts'

// The whole intake: keys, limits, checks, log. Its one job type is the bench's, open to callers.
const config = loadConfig()
const log = createLog({ level: config.log.level, name: 'intake' })
const { run, knex, close } = connectDatabase(config.database.url, { poolMax: config.database.poolMax })
const backend = openQueueBackend(config.queue)
const catalog = new Map([[contract.name, defineJob({ ...contract, open: true })]])
const app = createApp({ config, run, knex, backend, catalog, log, registry: new Registry() })
const server = await listen(app, config.http)
serve(async () => {
  await server.close(0)
  await backend.close()
  await close()
})
