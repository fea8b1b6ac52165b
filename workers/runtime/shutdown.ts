import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { RegisteredProcess } from '../../src/ledger/processes.ts'
import type { CopyWorker } from '../../src/queue/backend.ts'

interface Stopping {
  readonly workers: readonly CopyWorker[]
  readonly registered: RegisteredProcess
  readonly draining: AbortController
  readonly deadlineMs: number
  readonly log: Logger
}

/**
 * An orderly end: say so, fetch nothing more, signal jobs that are not sending (they are handed back, no attempt spent),
 * await the sends in flight, say farewell. What is not over by the deadline is left to the sweeper.
 */
export async function stopWorkers({ workers, registered, draining, deadlineMs, log }: Stopping): Promise<void> {
  await registered.drain().catch((error: unknown) => log.warn({ err: error }, 'draining not announced'))
  // Not awaited: each pause would wait for its jobs, and those wait for the signal below.
  const paused = workers.map(worker => worker.pause(true))
  draining.abort()
  const over = new AbortController()
  const closed = Promise.all(paused).then(() => Promise.all(workers.map(worker => worker.close())))
  const late = delay(deadlineMs, 'late' as const, { signal: over.signal, ref: false }).catch(() => 'stopped' as const)
  if ((await Promise.race([closed, late])) === 'late') {
    // BullMQ's own close would go on waiting, also when it is asked to force; the process ends without it.
    log.error({ deadlineMs }, 'jobs were still running at the shutdown deadline; the sweeper takes them back')
  }
  over.abort()
  await registered.end().catch((error: unknown) => log.warn({ err: error }, 'farewell not written'))
}
