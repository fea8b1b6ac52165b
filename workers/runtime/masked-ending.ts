import type { JobContract } from '../../queues/define-job.ts'
import type { Claim } from '../../src/ledger/claim.ts'
import type { Ending } from '../../src/ledger/outcome.ts'
import { maskFor } from '../../src/observability/redact-payload.ts'

/** An ending whose error and reason quote nothing that the contract's schema marks as personal data or secret. */
export function maskedEnding(ending: Ending, { payload }: Claim, { payload: schema }: JobContract): Ending {
  if (ending.error === null && (ending.kind === 'continue' || ending.reason === null)) return ending
  const mask = maskFor(schema, payload)
  if (!mask) return ending
  const error = ending.error && { ...ending.error, message: mask(ending.error.message) }
  if (ending.kind === 'finish') return { ...ending, error, reason: ending.reason && mask(ending.reason) }
  return { ...ending, error: error ?? ending.error }
}
