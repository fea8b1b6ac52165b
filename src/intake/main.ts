import { collectDefaultMetrics, Registry } from 'prom-client'
import { loadCatalog } from '../../queues/catalog.ts'
import { startAlerts } from '../alerts/start-alerts.ts'
import { loadConfig } from '../config/load.ts'
import { connectDatabase } from '../db/connect.ts'
import { runProcess } from '../observability/run-process.ts'
import { startTracing } from '../observability/tracing.ts'
import { openQueueBackend } from '../queue/backend.ts'
import { createApp } from './app.ts'
import { joinProcesses } from './join-processes.ts'
import { listen } from './listen.ts'

/** `node src/intake/main.ts`: the HTTP door. Several may run behind one address. */
await runProcess('intake', async life => {
  const { log } = life
  const config = loadConfig()
  const stopTracing = await startTracing(config.tracing, 'intake', log)
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const database = connectDatabase(config.database.url, { poolMax: config.database.poolMax, name: 'hbnb-jobs-intake' })
  const backend = openQueueBackend(config.queue)
  const { run, knex } = database
  const stop = new AbortController()
  const catalog = await loadCatalog()
  const app = createApp({ config, run, knex, backend, catalog, log, registry, stopping: stop.signal })

  // Accepting needs only Postgres: a queue store that is away stops nobody here, and /readyz tells.
  void backend.check().catch((error: unknown) => log.warn({ err: error }, 'the queue is not reachable'))
  const server = await listen(app, config.http)
  const member = joinProcesses(run, log)
  const alerts = startAlerts({ config, run, log })
  log.info({ url: server.url }, 'listening')

  life.onStop(() => member.drain())
  life.onStop(() => {
    stop.abort()
    return server.close(config.limits.shutdownDeadlineMs)
  })
  life.onStop(() => member.leave())
  life.onStop(() => alerts.stop())
  life.onStop(() => backend.close())
  life.onStop(() => database.close())
  life.onStop(stopTracing)
})
