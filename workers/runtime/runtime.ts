import type { Knex } from 'knex'
import type { Logger } from 'pino'
import type { RunStatement } from '../../src/db/statement.ts'
import type { Claim } from '../../src/ledger/claim.ts'
import type { Ending } from '../../src/ledger/outcome.ts'
import type { WorkerMetrics } from '../../src/observability/worker-metrics.ts'
import type { Services } from '../services.ts'
import type { Budgets } from './budgets.ts'
import type { RunningJobs } from './running.ts'

/** What all jobs of one worker process share. */
export interface Runtime {
  readonly processId: number
  readonly run: RunStatement
  readonly knex: Knex
  readonly services: Services
  readonly log: Logger
  readonly metrics: WorkerMetrics
  readonly claim: (copy: { id: string; run: number }) => Promise<Claim | undefined>
  readonly writeOutcome: (id: string, token: number, ending: Ending) => Promise<boolean>
  readonly running: RunningJobs
  readonly budgets: Budgets
  /** Aborted once, when the shutdown begins. */
  readonly draining: AbortSignal
  /** Asks for this process to be drained and replaced. */
  readonly condemn: (reason: string) => void
}
