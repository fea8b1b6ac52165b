import type { CopyProcessor, CopyWorker, QueueBackend } from '../../src/queue/backend.ts'
import type { JobType } from './process.ts'
import { runDirect } from './run-direct.ts'
import { runJob } from './run-job.ts'
import { queueErrorLog } from './queue-error-log.ts'
import type { WorkerRuntime } from './runtime.ts'
import { RetryInQueue } from './signals.ts'

/** A killed worker's copy is free again after one lock and one or two checks: 5.8–7.6 s were seen. */
const lockMs = 10_000
const stalledCheckMs = 2_500
/** A stall is not a crash (a healthy worker that lost its lock counts too), so BullMQ must never fail a job for it. */
const unlimitedStalls = 1_000_000_000
/** For copies whose run ended by an error of ours before it was claimed, e.g. while Postgres was away. */
const unclaimedRetryMs = 1_000
/** After a failed fetch; also bounds how soon a worker is back when its store is. */
const fetchRetryMs = 1_000
const blockSeconds = 2

/** Starts one BullMQ worker for one job type, in this process. */
export function startWorker(type: JobType, backend: QueueBackend, runtime: WorkerRuntime): CopyWorker {
  const { name, concurrency, rateLimit } = type.contract
  const run: CopyProcessor = async ({ data, attemptsMade }) =>
    data.direct ? await runDirect(data, data.direct, attemptsMade, type, runtime) : await runJob(data, type, runtime)
  const worker = backend.worker(name, run, {
    concurrency: concurrency.perProcess,
    lockDuration: lockMs,
    stalledInterval: stalledCheckMs,
    maxStalledCount: unlimitedStalls,
    runRetryDelay: fetchRetryMs,
    drainDelay: blockSeconds,
    settings: {
      backoffStrategy: (_attempts, _type, error) => (error instanceof RetryInQueue ? error.delayMs : unclaimedRetryMs),
    },
    ...(rateLimit === 'none' || 'budget' in rateLimit
      ? {}
      : { limiter: { max: rateLimit.max, duration: rateLimit.periodMs } }),
  })
  worker.on('stalled', () => runtime.metrics.stalled(name))
  const onError = queueErrorLog(runtime.log)
  worker.on('error', error => onError(name, error))
  return worker
}
