import { Registry } from 'prom-client'
import { loadConfig } from '../../../src/config/load.ts'
import { startRelay } from '../../../src/ledger/start-relay.ts'
import { createLog } from '../../../src/observability/log.ts'
import { benchCatalog } from '../job-types.ts'
import { serve } from './serve.ts'

const config = loadConfig()
const log = createLog({ level: config.log.level, name: 'relay' })
const relay = await startRelay(await benchCatalog(), { config, log, registry: new Registry() })
serve(relay.stop)
