import type { JobContract } from '../../queues/define-job.ts'
import type { Claim } from '../../src/ledger/claim.ts'
import { type Mask, maskFor } from '../../src/observability/redact-payload.ts'

/**
 * Takes out of what a run throws and answers whatever its contract's schema marks as personal data or secret in its
 * payload. Nothing is looked for until there is a text: most runs have none.
 */
export function maskOf({ payload }: Claim, { payload: schema }: JobContract): Mask {
  return text => maskFor(schema, payload)?.(text) ?? text
}
