import { Ambiguous, ConfigError, PermanentError, ProviderBusy, TemporaryError } from '../errors.ts'
import { CallFailure } from './call-failure.ts'

/** How long to leave a provider alone that says "too many requests" without saying for how long. */
const DEFAULT_BUSY_WAIT_MS = 60_000

/** What is known about a failed call, without any personal data. */
export interface KnownFailure {
  /** HTTP status of the answer, null when there was none. */
  readonly status: number | null
  /** The vendor's own code for the error, null when there was none. */
  readonly vendorCode: string | number | null
  readonly retryAfterMs: number | null
  readonly mayHaveBeenSent: boolean
  readonly outOfTime: boolean
}

/** One line of a vendor's table. The first row whose `when` holds decides. */
export interface OutcomeRow {
  readonly when: (failure: KnownFailure) => boolean
  readonly outcome: 'permanent' | 'temporary' | 'ambiguous' | 'config' | 'busy'
  /** Stable, kebab-case, begins with the vendor. */
  readonly code: string
  readonly sentence: string
}

const OUTCOMES = {
  permanent: PermanentError,
  temporary: TemporaryError,
  ambiguous: Ambiguous,
  config: ConfigError,
} as const

/** The outcome a table gives a failure. No cause is kept: vendor errors carry addresses, bodies and keys. */
export function outcomeOf(table: readonly OutcomeRow[], failure: KnownFailure): Error {
  const row = table.find(({ when }) => when(failure))
  if (row === undefined) throw new Error('An outcome table must end with a row that always holds.')
  const said = [
    failure.status === null ? [] : `HTTP ${failure.status}`,
    failure.vendorCode === null ? [] : `code ${failure.vendorCode}`,
  ].flat()
  const message = said.length === 0 ? row.sentence : `${row.sentence} (${said.join(', ')})`
  if (row.outcome === 'busy') return new ProviderBusy(row.code, message, failure.retryAfterMs ?? DEFAULT_BUSY_WAIT_MS)
  return new OUTCOMES[row.outcome](row.code, message)
}

/** The bounds' part of a failure; a vendor's errors.ts adds what its SDK says. */
export function boundsOf(error: unknown): Pick<KnownFailure, 'mayHaveBeenSent' | 'outOfTime'> {
  // Anything that did not pass through the bounds is a programming error: doubt is the safe reading.
  if (!(error instanceof CallFailure)) return { mayHaveBeenSent: true, outOfTime: false }
  return { mayHaveBeenSent: error.mayHaveBeenSent, outOfTime: error.outOfTime }
}
