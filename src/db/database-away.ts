import { setTimeout as delay } from 'node:timers/promises'

/** SQLSTATE: connection (08), resources (53), operator intervention (57 without 57014, a cancelled statement), system (58). */
const awayStates = /^(08|53|57P|58)/
/** A primary that has become a replica: the next connection finds the new one. */
const readOnlyState = '25006'
// At the start, or behind the SQL that knex puts in front.
const driverMessages =
  /(^|^Knex: | - )(Connection terminated|Query read timeout|timeout exceeded when trying to connect|Timeout acquiring a connection|Client has encountered a connection error)/
const socketCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
])

/** Whether an error of a statement of ours means that Postgres is unreachable or restarting, rather than that it is wrong. */
export function isDatabaseAway(error: unknown): boolean {
  return isSurelyDatabase(error) || isSocketError(error)
}

const ofOurSockets = new WeakSet<Error>()

/** Remembers an error of a socket to our Postgres: a reset connection does not say to whom it was. */
export function noteSocketError(error: Error): void {
  ofOurSockets.add(error)
}

/** Whether an error can only come from Postgres or its driver, wherever it was caught. */
export function isSurelyDatabase(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if (ofOurSockets.has(error)) return true
  if (driverMessages.test(error.message)) return true
  const { code, severity } = error as Error & { code?: unknown; severity?: unknown }
  return typeof severity === 'string' && typeof code === 'string' && (awayStates.test(code) || code === readOnlyState)
}

/** A broken connection to somebody: only who made it knows to whom. */
export function isSocketError(error: unknown): boolean {
  const { code } = error instanceof Error ? (error as Error & { code?: unknown }) : {}
  return typeof code === 'string' && socketCodes.has(code)
}

const firstRetryMs = 100
const longestRetryMs = 2_000

/** Repeats a statement of ours until Postgres takes it: for what has happened already and must not be forgotten. */
export async function whileDatabaseIsAway<T>(
  work: () => Promise<T>,
  onAway: (error: unknown) => void = () => {},
): Promise<T> {
  for (let waitMs = firstRetryMs; ; waitMs = Math.min(waitMs * 2, longestRetryMs)) {
    try {
      return await work()
    } catch (error) {
      if (!isDatabaseAway(error)) throw error
      onAway(error)
      await delay(waitMs)
    }
  }
}
