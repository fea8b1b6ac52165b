import { Registry } from 'prom-client'
import { loadCatalog } from '../queues/catalog.ts'
import type { Config } from '../src/config/load.ts'
import type { Claim } from '../src/ledger/claim.ts'
import { createLog } from '../src/observability/log.ts'
import { startTracing } from '../src/observability/tracing.ts'
import type { MeasuredCall } from '../src/observability/worker-metrics.ts'
import { domainOf, loadJobTypes } from './load-job-types.ts'
import { openRuntime } from './open-runtime.ts'
import { attemptHere } from './runtime/attempt-here.ts'
import type { JobFolders, ToLone } from './runtime/lone-runner.ts'
import type { JobType } from './runtime/process.ts'

// Forked by a worker for jobs whose process has died: runs them one at a time and answers how each ended. The worker
// holds the claim and writes the outcome; if this process dies, it was the job that was running.

const draining = new AbortController()
let open: { run: (claim: Claim, isProbe: boolean) => Promise<void> } | undefined

process.on('disconnect', () => process.exit(0))
process.on('message', (message: ToLone) => {
  if (message.kind === 'start') open = start(message.config, message.folders)
  else if (message.kind === 'drain') draining.abort()
  else void open?.run(message.claim, message.isProbe)
})

function start(config: Config, folders: readonly JobFolders[]) {
  const log = createLog({ level: config.log.level, name: 'lone-worker' })
  const tracing = startTracing(config.tracing, 'worker', log)
  const types = new Map<string, JobType>()
  let isCondemned = false
  const { runtime } = openRuntime({ config, log, registry: new Registry() }, draining.signal, () => {
    isCondemned = true
  })
  function notFound(error: unknown): undefined {
    log.error({ err: error }, 'the job type of a suspect could not be loaded')
  }
  process.send?.({ kind: 'ready' })
  return {
    async run(claim: Claim, isProbe: boolean) {
      await tracing
      const type = types.get(claim.name) ?? (await typeOf(claim.name, folders).catch(notFound))
      // Nothing of the job has run: it must not be blamed for what could not be loaded.
      if (!type) {
        process.send?.({ kind: 'not-begun' })
        return
      }
      types.set(claim.name, type)
      const calls: MeasuredCall[] = []
      // Nobody asks this process for its figures: the worker counts them as its own.
      const metrics = { ...runtime.metrics, providerCall: (call: MeasuredCall) => void calls.push(call) }
      const ending = await attemptHere(claim, type, isProbe, { ...runtime, metrics })
      process.send?.({ kind: 'ended', ending, calls }, () => isCondemned && process.exit(0))
    },
  }
}

async function typeOf(name: string, folders: readonly JobFolders[]): Promise<JobType> {
  for (const folder of folders) {
    const catalog = await loadCatalog(folder.queues)
    if (!catalog.has(name)) continue
    const type = (await loadJobTypes(catalog, [domainOf(name)], folder.workers)).find(
      ({ contract }) => contract.name === name,
    )
    if (type) return type
  }
  throw new Error(`no job type ${name} in the folders of this worker`)
}
