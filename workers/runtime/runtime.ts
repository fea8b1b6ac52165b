import type { Knex } from 'knex'
import type { Logger } from 'pino'
import type { RunStatement } from '../../src/db/statement.ts'
import type { Claim } from '../../src/ledger/claim.ts'
import type { Ending } from '../../src/ledger/outcome.ts'
import type { WorkerMetrics } from '../../src/observability/worker-metrics.ts'
import type { Services } from '../services.ts'
import type { Budgets } from './budgets.ts'
import type { Gate } from './gate.ts'
import type { LoneRunner } from './lone-runner.ts'
import type { RunningJobs } from './running.ts'

/** What jobs run with, in a worker as in the process of a suspect. */
export interface Runtime {
  readonly run: RunStatement
  readonly knex: Knex
  readonly services: Services
  /** What jobs of test tenants are given in their place: it reaches the sandbox and nobody else. */
  readonly testServices: Services
  readonly log: Logger
  readonly metrics: WorkerMetrics
  readonly writeOutcome: (id: string, token: number, ending: Ending) => Promise<boolean>
  readonly running: RunningJobs
  readonly budgets: Budgets
  /** Aborted once, when the shutdown begins. */
  readonly draining: AbortSignal
  /** Asks for this process to be drained and replaced. */
  readonly condemn: (reason: string) => void
}

/** What a worker has besides: it fetches, claims, and isolates. */
export interface WorkerRuntime extends Runtime {
  readonly claim: (copy: { id: string; run: number }) => Promise<Claim | undefined>
  /** Undefined where job types cannot be loaded by path: suspects then run like all others. */
  readonly lone: LoneRunner | undefined
  readonly gate: Gate
}
