import type { JobContract } from '../../queues/define-job.ts'
import type { Claim } from '../../src/ledger/claim.ts'
import type { Ending } from '../../src/ledger/outcome.ts'
import { maskFor } from '../../src/observability/redact-payload.ts'

/** An ending whose error quotes nothing that the contract's schema marks as personal data or secret. */
export function maskedEnding(ending: Ending, { payload }: Claim, { payload: schema }: JobContract): Ending {
  if (ending.error === null) return ending
  const mask = maskFor(schema, payload)
  return mask ? { ...ending, error: { ...ending.error, message: mask(ending.error.message) } } : ending
}
