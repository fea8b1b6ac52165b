import { isRecord } from './json.ts'
import { instantText, type JobOptions } from './job-options.ts'
import type { JobName, PayloadOf } from './shapes.ts'

/** A client of `pg` that is inside a transaction. Not a pool: each of its statements runs on any connection. */
export interface PgClient {
  query(text: string, values: unknown[]): Promise<unknown>
}

/** A transaction of knex. */
export interface KnexTransaction {
  raw(sql: string, bindings: (string | number)[]): PromiseLike<unknown>
}

/** As over HTTP; the tenant is that of the session, see `hbnb_jobs.tenant`. */
export interface EnqueueInOptions extends Pick<JobOptions, 'runAt' | 'expiresAt' | 'priority' | 'tags' | 'entity'> {
  /** The same key from the same role answers the first job's id for 24 hours. Unless told the transaction is the only guard. */
  readonly idempotencyKey?: string | undefined
}

/**
 * Makes a job in the caller's own transaction, through a database that holds the ledger: when that commits the job is
 * there, when it rolls back it never was. Answers the job's id. What the database refuses is its own error, with an
 * SQLSTATE `JB001` to `JB005`; like every error of SQL it aborts the transaction.
 */
export async function enqueueIn<N extends JobName>(
  transaction: PgClient | KnexTransaction,
  name: N,
  payload: PayloadOf<N>,
  options: EnqueueInOptions = {},
): Promise<string> {
  const values: (string | number)[] = [name, JSON.stringify(payload)]
  const call = ['$1', 'cast($2 as jsonb)']
  for (const [option, value, sql] of argumentsOf(options)) {
    if (value !== undefined) call.push(`${option} => ${sql.replace('$', `$${values.push(value)}`)}`)
  }
  const text = `select hbnb_jobs.enqueue(${call.join(', ')}) as id`
  const answer = await ('raw' in transaction
    ? transaction.raw(text.replace(/\$\d+/g, '?'), values)
    : transaction.query(text, values))
  const [row] = isRecord(answer) && Array.isArray(answer['rows']) ? answer['rows'] : []
  if (isRecord(row) && typeof row['id'] === 'string') return row['id']
  throw new Error('the transaction did not answer rows: pass a pg client or a knex transaction')
}

function argumentsOf(options: EnqueueInOptions): [option: string, value: string | number | undefined, sql: string][] {
  const { idempotencyKey, runAt, expiresAt, priority, entity, tags } = options
  return [
    ['key', idempotencyKey, 'cast($ as text)'],
    ['run_at', runAt === undefined ? undefined : instantText(runAt), 'cast($ as timestamptz)'],
    ['priority', priority, 'cast($ as integer)'],
    ['expires_at', expiresAt === undefined ? undefined : instantText(expiresAt), 'cast($ as timestamptz)'],
    ['entity', entity, 'cast($ as text)'],
    // As JSON, because the drivers do not agree on what an array is.
    ['tags', tags && JSON.stringify(tags), 'array(select jsonb_array_elements_text(cast($ as jsonb)))'],
  ]
}
