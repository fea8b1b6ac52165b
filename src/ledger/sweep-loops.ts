import type { Knex } from 'knex'
import type { Logger } from 'pino'
import type { RunStatement } from '../db/statement.ts'
import type { RelayMetrics } from '../observability/relay-metrics.ts'
import type { QueueBackend } from '../queue/backend.ts'
import { finishBatches } from './batches-finish.ts'
import { everySoOften, type Loop } from './loop.ts'
import { crashedAfterMs } from './processes.ts'
import { maintainLedger } from './retention.ts'
import { purgeInbox } from './retention-inbox.ts'
import { vacuumLive } from './retention-vacuum.ts'
import { steadyView } from './steady-view.ts'
import { sweepLostCopies } from './sweep.ts'
import { sweepCrashes, sweepStragglers } from './sweep-crashes.ts'

const sweepEveryMs = 1_000
const batchesEveryMs = 500
const lostCopiesEveryMs = 5_000
const vacuumEveryMs = 10_000
const stragglersEveryMs = 30_000
const maintainEveryMs = 600_000

/** What the sweeps work on. `onFreed` hears that jobs came back to the ledger. */
interface Swept {
  readonly run: RunStatement
  readonly knex: Knex
  readonly backend: QueueBackend
  readonly log: Logger
  readonly metrics: RelayMetrics
  readonly onFreed: () => void
  /** How long events of the inbox are kept. */
  readonly inboxDays: number
}

/** Everything that mends the ledger and keeps it small, each at its own pace. Several processes may do it at once. */
export function sweepLoops({ run, knex, backend, log, metrics, onFreed, inboxDays }: Swept): Loop[] {
  const steady = steadyView()
  const loop = (what: string, everyMs: number, work: () => Promise<boolean>) =>
    everySoOften(everyMs, error => log.warn({ err: error }, `${what} failed; it is tried again`), work)

  return [
    loop('sweeping', sweepEveryMs, async () => {
      const swept = await sweepCrashes(run, { mayJudge: steady.forMs() > crashedAfterMs })
      steady.seen()
      metrics.swept('crashed_process', swept.crashedProcesses)
      metrics.swept('crashed_job', swept.freedJobs)
      metrics.swept('overdue_effect', swept.overdueEffects)
      if (Object.values(swept).some(count => count > 0)) log.warn(swept, 'swept')
      if (swept.freedJobs > 0) onFreed()
      return false
    }),
    loop('looking for stragglers', stragglersEveryMs, async () => {
      const freed = await sweepStragglers(run)
      metrics.swept('straggler', freed)
      if (freed > 0) log.warn({ freed }, 'jobs of a process that had ended before were taken back')
      return false
    }),
    loop('looking for lost copies', lostCopiesEveryMs, async () => {
      const found = await sweepLostCopies(run, backend)
      metrics.swept('lost_copy', found)
      if (found > 0) log.warn({ found }, 'copies lost by the queue were taken back')
      return false
    }),
    loop('ending batches', batchesEveryMs, async () => {
      if ((await finishBatches(run)) > 0) onFreed()
      return false
    }),
    loop('vacuuming', vacuumEveryMs, async () => {
      await vacuumLive(run)
      return false
    }),
    loop('maintenance', maintainEveryMs, async () => {
      const { isMore, ...done } = await maintainLedger(knex)
      if (Object.values(done).some(count => count > 0)) log.info(done, 'maintained the ledger')
      return isMore
    }),
    loop('purging the inbox', maintainEveryMs, async () => {
      const { purgedEvents, isMore } = await purgeInbox(knex, inboxDays)
      if (purgedEvents > 0) log.info({ purgedEvents }, 'purged the inbox')
      return isMore
    }),
  ]
}
