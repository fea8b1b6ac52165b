/** SQLSTATE classes that say "not now": connection (08), resources (53), operator intervention (57), system (58). */
const awayStates = /^(08|53|57|58)/
const awayCodes = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOENT'])
const awayMessages = /Connection terminated|timeout exceeded when trying to connect|Timeout acquiring a connection/

/** Whether an error means that our own Postgres is unreachable or restarting, rather than that a statement is wrong. */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const { code, message } = error as Error & { code?: unknown }
  if (typeof code === 'string' && (awayStates.test(code) || awayCodes.has(code))) return true
  return awayMessages.test(message)
}
