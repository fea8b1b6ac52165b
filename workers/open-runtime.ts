import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import type { Config } from '../src/config/load.ts'
import { connectDatabase, type Database } from '../src/db/connect.ts'
import { outcomeWriter } from '../src/ledger/outcome.ts'
import { workerMetrics } from '../src/observability/worker-metrics.ts'
import { openBudgets } from './runtime/budgets.ts'
import { type RunningJobs, runningJobs } from './runtime/running.ts'
import type { Runtime } from './runtime/runtime.ts'
import { servicesOf, testServicesOf } from './services.ts'

/** What every process that runs jobs is given. */
export interface ProcessParts {
  readonly config: Config
  readonly log: Logger
  readonly registry: Registry
}

/** Joins the parts that jobs run with: database, services, budgets. Whoever opened them closes the database. */
export function openRuntime(
  { config, log, registry }: ProcessParts,
  draining: AbortSignal,
  condemn: (reason: string) => void,
): { readonly database: Database; readonly running: RunningJobs; readonly runtime: Runtime } {
  const database = connectDatabase(config.database.url, {
    poolMax: config.database.poolMax,
    name: 'hbnb-jobs-worker',
    walksIndexes: true,
  })
  const running = runningJobs()
  return {
    database,
    running,
    runtime: {
      run: database.run,
      knex: database.knex,
      services: servicesOf(config, database.knex, database.run),
      testServices: testServicesOf(config, database.knex, database.run),
      log,
      metrics: workerMetrics(registry),
      writeOutcome: outcomeWriter(database.run),
      running,
      budgets: openBudgets(database.knex, database.run, config.budgets),
      draining,
      condemn,
    },
  }
}
