import { isDatabaseAway } from '../../db/database-away.ts'
import { databaseAway } from './answer-errors.ts'

/** Errors of connecting: nothing can have been committed. SQLSTATE 57P03 is "starting up", 53300 "too many connections". */
const beforeAnything = new Set(['ECONNREFUSED', 'ENOENT', '57P03', '53300'])
const connecting = /timeout exceeded when trying to connect|Timeout acquiring a connection/

/** Runs what stores something; when Postgres goes away in the middle, the 503 says that the outcome is not known. */
export async function storing<T>(detail: string, store: () => Promise<T>): Promise<T> {
  try {
    return await store()
  } catch (error) {
    if (isDatabaseAway(error) && mayHaveCommitted(error)) throw databaseAway(detail)
    throw error
  }
}

function mayHaveCommitted(error: unknown): boolean {
  if (!(error instanceof Error)) return true
  const code = 'code' in error ? error.code : undefined
  return !(typeof code === 'string' && beforeAnything.has(code)) && !connecting.test(error.message)
}
