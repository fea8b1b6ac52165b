import { setTimeout as delay } from 'node:timers/promises'
import { claimer } from '../src/ledger/claim.ts'
import { registerProcess } from '../src/ledger/processes.ts'
import type { CopyWorker } from '../src/queue/backend.ts'
import { openQueueBackend } from '../src/queue/backend.ts'
import { openRuntime, type ProcessParts } from './open-runtime.ts'
import { openGate } from './runtime/gate.ts'
import { watchLiveness } from './runtime/liveness.ts'
import { type JobFolders, loneRunner } from './runtime/lone-runner.ts'
import type { JobType } from './runtime/process.ts'
import { stopWorkers } from './runtime/shutdown.ts'
import { startWorker } from './runtime/start-worker.ts'

const closeStoreWithinMs = 3_000

/** The workers of one process. */
export interface StartedWorkers {
  readonly processId: number
  /** Stops fetching, hands back or awaits what runs, says farewell. Safe to call twice. */
  readonly stop: () => Promise<void>
}

/** What a worker process is given; `folders` are where a suspect's own process finds its job type. */
export interface WorkerParts extends ProcessParts {
  readonly folders?: readonly JobFolders[]
}

/** Starts one worker per job type. `onCondemned` is told when this process must be replaced. */
export async function startWorkers(
  types: readonly JobType[],
  parts: WorkerParts,
  onCondemned: (reason: string) => void,
): Promise<StartedWorkers> {
  const { config, log, folders } = parts
  const draining = new AbortController()
  const { database, running, runtime } = openRuntime(parts, draining.signal, onCondemned)
  const { run } = database
  const backend = openQueueBackend(config.queue)
  await backend.check()
  const registered = await registerProcess(run, 'worker', {
    onMissed: error => log.warn({ err: error }, 'heartbeat missed'),
    onBeat: () => running.cancelRequested(run),
    onDrainAsked: () => onCondemned('an operator asked it to drain'),
  })
  const workers: CopyWorker[] = []
  const lone = folders && loneRunner({ config, folders, metrics: runtime.metrics }, draining.signal, log)
  const workerRuntime = {
    ...runtime,
    claim: claimer(run, () => registered.id),
    lone,
    gate: openGate(run, () => workers, draining.signal, log),
  }
  workers.push(...types.map(type => startWorker(type, backend, workerRuntime)))
  await Promise.all(workers.map(worker => worker.waitUntilReady()))
  const processId = () => registered.id
  const liveness = watchLiveness({ workers, backend, running, run, processId, condemn: onCondemned, log })
  log.info({ process: registered.id, jobs: types.map(({ contract }) => contract.name) }, 'workers started')

  async function stop(): Promise<void> {
    await liveness.stop()
    await stopWorkers({ workers, registered, draining, deadlineMs: config.limits.shutdownDeadlineMs, log })
    await lone?.stop()
    // A store that is away must not keep the process from ending.
    await Promise.race([backend.close(), delay(closeStoreWithinMs)])
    await database.close()
  }
  let stopping: Promise<void> | undefined
  return {
    get processId() {
      return registered.id
    },
    stop: () => (stopping ??= stop()),
  }
}
