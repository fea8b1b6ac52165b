import { join } from 'node:path'
import { Registry } from 'prom-client'
import { loadCatalog } from '../queues/catalog.ts'
import { loadConfig } from '../src/config/load.ts'
import { runProcess } from '../src/observability/run-process.ts'
import { startMetricsServer } from '../src/observability/metrics-server.ts'
import { startTracing } from '../src/observability/tracing.ts'
import { loadJobTypes } from './load-job-types.ts'
import { startWorkers } from './start-workers.ts'

/** `node workers/main.ts [domain …]`: works the jobs of the named domains, or of all in DOMAINS. */
await runProcess('worker', async ({ log, onStop, stop }) => {
  const config = loadConfig()
  const stopTracing = await startTracing(config.tracing, 'worker', log)
  const registry = new Registry()
  const named = globalThis.process.argv.slice(2)
  const domains = named.length > 0 ? named : config.domains
  const catalog = await loadCatalog()
  const types = await loadJobTypes(catalog, domains)
  if (types.length === 0)
    throw new Error(`no job type in ${domains.join(', ')}; known: ${[...catalog.keys()].join(', ')}`)

  const folders = [{ queues: join(import.meta.dirname, '../queues'), workers: import.meta.dirname }]
  const workers = await startWorkers(types, { config, log, registry, folders }, reason => {
    log.error({ reason }, 'this process must be replaced')
    stop(1)
  })
  onStop(workers.stop)
  if (config.metrics.workerPort !== null) {
    const server = await startMetricsServer(config.metrics.workerPort, registry, config.http.host)
    onStop(server.close)
  }
  onStop(stopTracing)
})
