import { Registry } from 'prom-client'
import { loadCatalog } from '../../queues/catalog.ts'
import { loadConfig } from '../../src/config/load.ts'
import { startRelay } from '../../src/ledger/start-relay.ts'
import { runProcess } from '../../src/observability/run-process.ts'
import { chaosCatalog } from './chaos-types.ts'

/** `node tests/chaos/relay-main.ts`: the real relay, which also knows the test's own job types. */
await runProcess('relay', async ({ log, onStop }) => {
  const catalog = new Map([...(await loadCatalog()), ...(await chaosCatalog('extra'))])
  const relay = await startRelay(catalog, { config: loadConfig(), log, registry: new Registry() })
  onStop(relay.stop)
})
