import type { Knex } from 'knex'
import type { JobContract, PayloadOf, ResultOf } from '../../queues/define-job.ts'
import type { Skipped } from '../../src/errors.ts'
import type { ChildCounts } from '../../src/ledger/children.ts'
import type { Services } from '../services.ts'
import type { Effects } from './effects.ts'
import type { EnqueueChild } from './enqueue-child.ts'
import type { JobLog } from './job-log.ts'
import type { ReportProgress } from './job-progress.ts'

/** What a processor is given besides its payload: the services, and the run it is part of. */
export interface Context extends Services, Effects {
  readonly job: {
    readonly id: string
    readonly entity: string | null
    readonly tenant: string
    /** 1 for the first attempt. */
    readonly attempt: number
    readonly acceptedAt: Date
  }
  /** Fires at the contract's timeout, on cancel and at shutdown. Pass it to everything that waits. */
  readonly signal: AbortSignal
  /** `log(message, fields)`, `log.warn`, `log.error`: kept with the job, shown on its page; redacted, the newest 100 lines. */
  readonly log: JobLog
  /** `progress(done, total, message)`: shown while the job is open; stored once a second at most. */
  readonly progress: ReportProgress
  /** Begins by locking the job's row under its token, so that a superseded runner cannot write. */
  readonly transaction: <T>(work: (tx: Knex.Transaction) => Promise<T>) => Promise<T>
  /** Makes a child job whose identity is (this job, key): a rerun makes the same child. */
  readonly enqueue: EnqueueChild
  /** Answers once every child has ended; until then the job is parked, and runs again from its beginning. */
  readonly allChildren: () => Promise<ChildCounts>
}

/** Does one job. Returns its result, or throws one of the outcomes of `src/errors.ts`; any other error is retried. */
export type Processor<C extends JobContract> = (
  payload: PayloadOf<C>,
  context: Context,
) => Promise<ResultOf<C> | Skipped>

/** Runs in the transaction that writes `failed`, whoever writes it: tells the domain that its job is dead. */
export type OnDead<C extends JobContract> = (
  payload: PayloadOf<C>,
  reason: string,
  tx: Knex.Transaction,
) => Promise<void>

/** A contract and what does it. */
export interface JobType<C extends JobContract = JobContract> {
  readonly contract: C
  readonly processor: Processor<C>
  readonly onDead?: OnDead<C>
}

/** Ties a processor to its contract: the default export of every file below `workers/<domain>/`. */
export function process<C extends JobContract>(contract: C, processor: Processor<C>, onDead?: OnDead<C>): JobType<C> {
  return { contract, processor, ...(onDead ? { onDead } : {}) }
}
