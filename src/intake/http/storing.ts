import { isDatabaseAway } from '../../db/database-away.ts'
import { beginSpan, currentTrace } from '../../observability/tracing.ts'
import { databaseAway } from './answer-errors.ts'

/** Errors of connecting: nothing can have been committed. SQLSTATE 57P03 is "starting up", 53300 "too many connections". */
const beforeAnything = new Set(['ECONNREFUSED', 'ENOENT', '57P03', '53300'])
const connecting =
  /timeout exceeded when trying to connect|terminated due to connection timeout|Timeout acquiring a connection/

/** Of what comes to the same when it is done twice. */
export const harmlessAgain = 'outcome unknown; the same request again does no harm'

/** Runs what stores something; when Postgres goes away in the middle, the 503 says that the outcome is not known. */
export async function storing<T>(detail: string, store: () => Promise<T>): Promise<T> {
  const span = beginSpan({ name: 'accept', place: 'internal', parent: currentTrace(), attributes: {} })
  try {
    const stored = await store()
    span.end()
    return stored
  } catch (error) {
    span.end({ fault: 'not-stored' })
    throw storeFault(detail, error)
  }
}

/** What to throw for an error of storing. */
export function storeFault(detail: string, error: unknown): unknown {
  return isDatabaseAway(error) && mayHaveCommitted(error) ? databaseAway(detail) : error
}

function mayHaveCommitted(error: unknown): boolean {
  if (!(error instanceof Error)) return true
  const code = 'code' in error ? error.code : undefined
  return !(typeof code === 'string' && beforeAnything.has(code)) && !connecting.test(error.message)
}
