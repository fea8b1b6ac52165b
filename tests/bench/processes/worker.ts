import { Registry } from 'prom-client'
import { loadConfig } from '../../../src/config/load.ts'
import { createLog } from '../../../src/observability/log.ts'
import { startWorkers } from '../../../workers/start-workers.ts'
import { benchCatalog, benchJobTypes } from '../job-types.ts'
import { serve } from './serve.ts'

// The full runtime of a worker process, with the bench's job type in place of the real ones.
const config = loadConfig()
const log = createLog({ level: config.log.level, name: 'worker' })
const types = await benchJobTypes(await benchCatalog())
const workers = await startWorkers(types, { config, log, registry: new Registry() }, () => process.exit(1))
serve(workers.stop)
