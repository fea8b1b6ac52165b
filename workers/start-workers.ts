import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import type { Config } from '../src/config/load.ts'
import { connectDatabase } from '../src/db/connect.ts'
import { claimer } from '../src/ledger/claim.ts'
import { outcomeWriter } from '../src/ledger/outcome.ts'
import { registerProcess } from '../src/ledger/processes.ts'
import { workerMetrics } from '../src/observability/worker-metrics.ts'
import { openQueueBackend } from '../src/queue/backend.ts'
import { openBudgets } from './runtime/budgets.ts'
import type { JobType } from './runtime/process.ts'
import { runningJobs } from './runtime/running.ts'
import { stopWorkers } from './runtime/shutdown.ts'
import { startWorker } from './runtime/start-worker.ts'
import { servicesOf } from './services.ts'

const closeStoreWithinMs = 3_000

/** The workers of one process. */
export interface StartedWorkers {
  readonly processId: number
  /** Stops fetching, hands back or awaits what runs, says farewell. Safe to call twice. */
  readonly stop: () => Promise<void>
}

/** Starts one worker per job type. `onCondemned` is told when this process must be replaced. */
export async function startWorkers(
  types: readonly JobType[],
  { config, log, registry }: { config: Config; log: Logger; registry: Registry },
  onCondemned: (reason: string) => void,
): Promise<StartedWorkers> {
  const database = connectDatabase(config.database.url, { poolMax: config.database.poolMax, name: 'hbnb-jobs-worker' })
  const backend = openQueueBackend(config.queue)
  await backend.check()
  const running = runningJobs()
  const registered = await registerProcess(database.run, 'worker', {
    onMissed: error => log.warn({ err: error }, 'heartbeat missed'),
    onBeat: () => running.cancelRequested(database.run),
  })
  const draining = new AbortController()
  const runtime = {
    processId: registered.id,
    run: database.run,
    knex: database.knex,
    services: servicesOf(config, database.knex, database.run),
    log,
    metrics: workerMetrics(registry),
    claim: claimer(database.run, () => registered.id),
    writeOutcome: outcomeWriter(database.run),
    running,
    budgets: openBudgets(database.knex, database.run, config.budgets),
    draining: draining.signal,
    condemn: onCondemned,
  }
  const workers = types.map(type => startWorker(type, backend, runtime))
  await Promise.all(workers.map(worker => worker.waitUntilReady()))
  log.info({ process: registered.id, jobs: types.map(({ contract }) => contract.name) }, 'workers started')

  async function stop(): Promise<void> {
    await stopWorkers({ workers, registered, draining, deadlineMs: config.limits.shutdownDeadlineMs, log })
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
