import type { JobContract } from '../../queues/define-job.ts'
import {
  Ambiguous,
  ConfigError,
  InfrastructureError,
  NotYet,
  PermanentError,
  ProviderBusy,
  Skipped,
} from '../../src/errors.ts'
import type { Claim } from '../../src/ledger/claim.ts'
import type { Continue, Ending, Finish } from '../../src/ledger/outcome.ts'
import { storedError } from '../../src/ledger/stored-error.ts'
import type { Mask } from '../../src/observability/redact-payload.ts'
import { maskOf } from './mask-of.ts'
import { retryDelayMs } from './retry-delay.ts'
import { Cancelled, Draining, Park } from './signals.ts'

/** No provider makes us wait longer than this without being asked again. */
export const longestBusyMs = 3_600_000
/** The queue is paused for a refused key; when it goes on, so do its jobs. */
const configPauseMs = 1_000
const infrastructurePauseMs = 1_000
/** Shorter retries stay in BullMQ, where Bull Board shows each attempt; longer ones must not fill the window. */
const longestDelayInQueueMs = 30_000

/** What a processor's return means. */
export function endingOfReturn(value: unknown, mask: Mask): Finish {
  const nothing = { kind: 'finish', result: null, reason: null, error: null } as const
  return value instanceof Skipped
    ? { ...nothing, outcome: 'skipped', reason: mask(value.reason) }
    : { ...nothing, outcome: 'completed', result: value }
}

/** What a thrown error means: the table of outcomes (docs: design, "Outcomes"). */
export function endingOfError(error: unknown, claim: Claim, contract: JobContract): Ending {
  const { retry } = contract
  const kept = storedError(error, maskOf(claim, contract))
  const again = (ending: Continue['ending'], delayMs: number, state: Continue['state'] = 'accepted'): Continue => ({
    kind: 'continue',
    state,
    ending,
    delayMs: Math.max(0, delayMs),
    countsAsAttempt: false,
    error: kept,
  })

  if (error instanceof Park) return again('parked', error.delayMs, 'parked')
  if (error instanceof Draining) return again('handed-back', 0)
  if (error instanceof NotYet) return again('not-yet', error.until.getTime() - Date.now())
  if (error instanceof ProviderBusy) return again('busy', Math.min(error.retryAfterMs, longestBusyMs))
  if (error instanceof ConfigError) return again('busy', configPauseMs)
  if (error instanceof InfrastructureError) return again('handed-back', infrastructurePauseMs)
  if (error instanceof Cancelled) return finished('cancelled', kept)
  // Ambiguous outside an effect cannot be settled, so it must not be repeated either.
  if (error instanceof PermanentError || error instanceof Ambiguous) return finished('failed', kept)

  const attempt = claim.attempts + 1
  if (attempt >= retry.attempts) return finished('failed', kept)
  const delayMs = retryDelayMs(retry, attempt)
  const state = delayMs <= longestDelayInQueueMs ? 'queued' : 'accepted'
  return { ...again('retry', delayMs, state), countsAsAttempt: true }
}

function finished(outcome: 'failed' | 'cancelled', error: Finish['error']): Finish {
  return { kind: 'finish', outcome, result: null, reason: null, error }
}
