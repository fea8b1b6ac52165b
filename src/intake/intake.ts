import type { Knex } from 'knex'
import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import type { Catalog } from '../../queues/catalog.ts'
import type { Config } from '../config/load.ts'
import type { RunStatement } from '../db/statement.ts'
import type { accepter } from '../ledger/accept-once.ts'
import type { QueueBackend } from '../queue/backend.ts'
import type { Authorize } from './auth/authorize.ts'
import type { JobWatch } from './events/job-watch.ts'
import type { Admit } from './limits/admission.ts'
import type { WaitingRoom } from './limits/waiting-limits.ts'

/** What the app is made from. */
export interface IntakeParts {
  readonly config: Config
  readonly run: RunStatement
  readonly knex: Knex
  readonly backend: QueueBackend
  readonly catalog: Catalog
  readonly log: Logger
  readonly registry: Registry
  /** Aborted when this process begins to stop: answers that wait for something end. */
  readonly stopping?: AbortSignal
}

/** What its handlers work with. */
export interface Intake extends IntakeParts {
  readonly authorize: Authorize
  /** Resolves after the commit. */
  readonly accept: ReturnType<typeof accepter>
  /** The same for jobs that come in crowds: single ones do not queue behind them. */
  readonly acceptOneOfMany: ReturnType<typeof accepter>
  readonly waitingRoom: WaitingRoom
  readonly admit: Admit
  readonly watch: JobWatch
  readonly stopping: AbortSignal
}
