import type { Knex } from 'knex'
import type { Logger } from 'pino'
import type { JobContract } from '../../queues/define-job.ts'
import type { RunStatement } from '../../src/db/statement.ts'
import { isTestTenant } from '../../src/domain/test-tenant.ts'
import { type ChildCounts, countChildren } from '../../src/ledger/children.ts'
import type { Claim } from '../../src/ledger/claim.ts'
import { effectsOf } from './effects.ts'
import { enqueueFor } from './enqueue-child.ts'
import type { InFlight } from './in-flight.ts'
import type { JobLog } from './job-log.ts'
import type { ReportProgress } from './job-progress.ts'
import { maskOf } from './mask-of.ts'
import type { Context } from './process.ts'
import type { Runtime } from './runtime.ts'
import { Park, Superseded } from './signals.ts'

const longestParentLookMs = 60_000

/** What one attempt lives within. */
export interface Bounds {
  readonly signal: AbortSignal
  readonly inFlight: InFlight
  readonly logOf: () => JobLog
  readonly progressOf: () => ReportProgress
}

/** What a processor is given: its services, and what it may do under this claim. */
export function contextOf(
  claim: Claim,
  contract: JobContract,
  runtime: Runtime,
  { signal, inFlight, logOf, progressOf }: Bounds,
): Context {
  const { run, knex, draining, metrics } = runtime
  const openTransactions = { count: 0 }
  let log: Logger | undefined
  // Made when somebody writes: most jobs say nothing, and a child log costs more than they do.
  const childLog = () => (log ??= runtime.log.child({ job: claim.name, id: claim.id }))
  return {
    ...(isTestTenant(claim.tenant) ? runtime.testServices : runtime.services),
    ...effectsOf({
      run,
      claim,
      mask: maskOf(claim, contract),
      signal,
      draining,
      inFlight,
      openTransactions,
      metrics,
      log: childLog,
    }),
    job: {
      id: claim.id,
      entity: claim.entity,
      tenant: claim.tenant,
      attempt: claim.attempts + 1,
      acceptedAt: claim.acceptedAt,
    },
    signal,
    get log() {
      return logOf()
    },
    get progress() {
      return progressOf()
    },
    transaction: work => transactionOf(claim, knex, signal, openTransactions, work),
    enqueue: enqueueFor(claim, run),
    allChildren: () => allChildren(claim, run),
  }
}

/** Its own look comes less often the older the job is; the last child to end wakes it at once. */
async function allChildren({ id, acceptedAt }: Claim, run: RunStatement): Promise<ChildCounts> {
  const counts = await countChildren(run, id)
  if (counts.open === 0) return counts
  const ageMs = Date.now() - acceptedAt.getTime()
  throw new Park(
    `${counts.open} of ${counts.total} children are open`,
    Math.min(longestParentLookMs, Math.max(ageMs, 1_000)),
  )
}

async function transactionOf<T>(
  claim: Claim,
  knex: Knex,
  signal: AbortSignal,
  open: { count: number },
  work: (tx: Knex.Transaction) => Promise<T>,
): Promise<T> {
  open.count += 1
  try {
    return await knex.transaction(async tx => {
      if (claim.token > 0) await lockRun(claim, tx)
      // Work that hangs must not hold the lock that the end of this run needs.
      return await Promise.race([work(tx), aborted(signal)])
    })
  } finally {
    open.count -= 1
  }
}

async function lockRun({ id, token }: Claim, tx: Knex.Transaction): Promise<void> {
  const current = await tx('hbnb_jobs.job_live').where({ id, token, state: 'running' }).forUpdate().first('id')
  if (!current) throw new Superseded('another run holds this job')
}

async function aborted(signal: AbortSignal): Promise<never> {
  if (!signal.aborted) await new Promise(resolve => signal.addEventListener('abort', resolve, { once: true }))
  throw signal.reason
}
