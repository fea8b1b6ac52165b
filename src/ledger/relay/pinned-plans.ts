import { Pool } from 'pg'
import { indexPlans, settingOptions } from '../../db/index-plans.ts'
import { type RunStatement, statementsOn } from '../../db/statement.ts'

const connectTimeoutMs = 5_000
const idleTimeoutMs = 30_000
/** A pass takes milliseconds: one that takes this long has gone wrong, and the next gets a fresh connection's plans. */
const statementTimeoutMs = 15_000
const frozenServerMarginMs = 5_000
/** One for the pass under way, one for a sweep. */
const poolMax = 2

/** The relay's own way to Postgres, for statements made to be run with these plans and no others. */
export function connectWithPinnedPlans(url: string): {
  readonly run: RunStatement
  readonly close: () => Promise<void>
} {
  const settings = { timezone: 'UTC', statement_timeout: statementTimeoutMs, ...indexPlans }
  const pool = new Pool({
    connectionString: url,
    application_name: 'hbnb-jobs-relay',
    max: poolMax,
    connectionTimeoutMillis: connectTimeoutMs,
    idleTimeoutMillis: idleTimeoutMs,
    query_timeout: statementTimeoutMs + frozenServerMarginMs,
    options: settingOptions(settings),
  })
  // An idle connection cut by the server is replaced at the next query, which reports what matters.
  pool.on('error', () => {})
  return { run: statementsOn(pool), close: () => pool.end() }
}
