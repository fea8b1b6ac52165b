import type { Logger } from 'pino'
import type { RunStatement } from '../../src/db/statement.ts'
import type { CopyWorker, QueueBackend } from '../../src/queue/backend.ts'
import { everySoOften, type Loop } from '../../src/ledger/loop.ts'
import type { RunningJobs } from './running.ts'

/** How long a queue with waiting copies and a free slot may stay unfetched. */
const usualPace = { wedgedAfterMs: 30_000, lookEveryMs: 5_000 }
/** A cause outside the process must not make it restart for ever. */
const condemnAtMostEveryMinutes = 10

const condemnStatement = {
  name: 'liveness-condemn',
  text: `
    update hbnb_jobs.processes p set condemned_at = now(), condemned_reason = $2
    where p.id = $1 and not exists (
      select from hbnb_jobs.processes o
      where o.host = p.host and o.kind = 'worker' and o.condemned_at > now() - interval '${condemnAtMostEveryMinutes} minutes'
    )
    returning p.id`,
}

/** What the watch looks at. */
export interface Watched {
  readonly workers: readonly CopyWorker[]
  readonly backend: QueueBackend
  readonly running: RunningJobs
  readonly run: RunStatement
  readonly processId: () => number
  readonly condemn: (reason: string) => void
  readonly log: Logger
}

/**
 * Connected is not consuming: a worker whose blocking read never settles looks healthy for hours (bullmq#4479, #4138).
 * Copies wait, a slot is free, no pause or limit is in force, and nothing was fetched for 30 s: the process says so and asks to be replaced.
 */
export function watchLiveness(
  { workers, backend, running, run, processId, condemn, log }: Watched,
  { wedgedAfterMs, lookEveryMs }: typeof usualPace = usualPace,
): Loop {
  const wedgedSinceMs = new Map<string, number>()

  async function isIdleWithWork(worker: CopyWorker): Promise<boolean> {
    if (running.count(worker.name) >= worker.concurrency) return false
    const queue = backend.queue(worker.name)
    const [counts, isPaused, limitMs, everywhere] = await Promise.all([
      queue.getJobCounts('waiting', 'active'),
      queue.isPaused(),
      queue.getRateLimitTtl(),
      queue.getGlobalConcurrency(),
    ])
    if (isPaused || limitMs > 0 || (counts.waiting ?? 0) === 0) return false
    return everywhere === null || (counts.active ?? 0) < everywhere
  }

  return everySoOften(
    lookEveryMs,
    error => log.warn({ err: error }, 'liveness not looked at'),
    async () => {
      for (const worker of workers) {
        const { name } = worker
        if (!(await isIdleWithWork(worker))) {
          wedgedSinceMs.delete(name)
          continue
        }
        const since = Math.max(wedgedSinceMs.get(name) ?? performance.now(), running.lastStartMs(name) ?? 0)
        wedgedSinceMs.set(name, since)
        if (performance.now() - since < wedgedAfterMs) continue
        const reason = `${name}: copies wait and a slot is free, but nothing was fetched for ${wedgedAfterMs / 1_000} s`
        const mayEnd = (await run(condemnStatement, [processId(), reason])).length > 0
        log.error({ job: name, mayEnd }, reason)
        if (mayEnd) condemn(reason)
      }
      return false
    },
  )
}
