import { Registry } from 'prom-client'
import { loadCatalog } from '../../queues/catalog.ts'
import { loadConfig } from '../config/load.ts'
import { startMetricsServer } from '../observability/metrics-server.ts'
import { runProcess } from '../observability/run-process.ts'
import { startTracing } from '../observability/tracing.ts'
import { startRelay } from './start-relay.ts'

/** `node src/ledger/main.ts`: moves due jobs into their queues and sweeps up after crashes. Several may run. */
await runProcess('relay', async ({ log, onStop }) => {
  const config = loadConfig()
  const stopTracing = await startTracing(config.tracing, 'relay', log)
  const registry = new Registry()
  const relay = await startRelay(await loadCatalog(), { config, log, registry })
  onStop(relay.stop)
  if (config.metrics.relayPort !== null) {
    const server = await startMetricsServer(config.metrics.relayPort, registry, config.http.host)
    onStop(server.close)
  }
  onStop(stopTracing)
})
