import { Socket } from 'node:net'
import knexFactory, { type Knex } from 'knex'
import { Pool, types } from 'pg'
import { noteSocketError } from './database-away.ts'
import { indexPlans, settingOptions } from './index-plans.ts'
import { type RunStatement, statementsOn } from './statement.ts'

// A stay date is a calendar day, not an instant: as a JS Date it would become local midnight and move with the zone.
types.setTypeParser(types.builtins.DATE, text => text)

const connectTimeoutMs = 5_000
const idleTimeoutMs = 30_000
const statementTimeoutMs = 30_000
/** A process that was frozen inside a transaction must not hold its locks for ever. */
const idleInTransactionMs = 30_000
const frozenServerMarginMs = 5_000

function ignore(): void {}

function openSocket(): Socket {
  return new Socket().on('error', noteSocketError)
}

/** One process's way to Postgres: prepared statements for the ledger's hot path, knex for everything else. */
export interface Database {
  readonly run: RunStatement
  readonly knex: Knex
  readonly close: () => Promise<void>
}

/**
 * Opens two small pools (at most `poolMax` connections each) on one database. Nothing is sent until first use.
 * `walksIndexes`: `run` gets only statements that look rows up by index, and their plans are pinned to that.
 */
export function connectDatabase(url: string, { poolMax = 6, name = 'hbnb-jobs', walksIndexes = false } = {}): Database {
  const settings = {
    timezone: 'UTC',
    statement_timeout: statementTimeoutMs,
    idle_in_transaction_session_timeout: idleInTransactionMs,
  }
  const connection = {
    connectionString: url,
    application_name: name,
    stream: openSocket,
    connectionTimeoutMillis: connectTimeoutMs,
    // The server ends a statement that hangs; the client gives up a little later on a server that is frozen.
    options: settingOptions(settings),
    query_timeout: statementTimeoutMs + frozenServerMarginMs,
  }
  const options = settingOptions(walksIndexes ? { ...settings, ...indexPlans } : settings)
  const pool = new Pool({ ...connection, options, max: poolMax, idleTimeoutMillis: idleTimeoutMs })
  // An idle connection cut by the server is replaced at the next query, which reports what matters.
  pool.on('error', () => {})
  const knex = knexFactory({
    client: 'pg',
    connection,
    pool: { min: 0, max: poolMax, idleTimeoutMillis: idleTimeoutMs },
    acquireConnectionTimeout: connectTimeoutMs,
    // An error's message would carry the values of its statement, and with them personal data.
    compileSqlOnError: false,
    // knex writes to the console whenever Postgres is away; whoever called it reports that already.
    log: { warn: ignore, error: ignore, deprecate: ignore, debug: ignore },
  })
  return {
    run: statementsOn(pool),
    knex,
    close: async () => {
      await Promise.all([pool.end(), knex.destroy()])
    },
  }
}
