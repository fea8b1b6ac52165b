import { join } from 'node:path'
import { Registry } from 'prom-client'
import { loadCatalog } from '../../queues/catalog.ts'
import { loadConfig } from '../../src/config/load.ts'
import { runProcess } from '../../src/observability/run-process.ts'
import { loadJobTypes } from '../../workers/load-job-types.ts'
import { startWorkers } from '../../workers/start-workers.ts'
import { chaosFolders, chaosJobTypes, releaseOf } from './chaos-types.ts'

/** `node tests/chaos/worker-main.ts extra|old`: the real worker, with the test's own job types beside the real ones. */
await runProcess('worker', async ({ log, onStop, stop }) => {
  const config = loadConfig()
  const real = await loadJobTypes(await loadCatalog(), config.domains)
  const release = releaseOf(process.argv[2])
  const own = await chaosJobTypes(release)
  const root = join(import.meta.dirname, '../..')
  const folders = [{ queues: join(root, 'queues'), workers: join(root, 'workers') }, chaosFolders(release)]
  const workers = await startWorkers([...real, ...own], { config, log, registry: new Registry(), folders }, reason => {
    log.error({ reason }, 'this process must be replaced')
    stop(1)
  })
  onStop(workers.stop)
})
