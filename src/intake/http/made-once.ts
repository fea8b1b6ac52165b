import { z } from 'zod'
import type { KeyedRequest } from '../../ledger/accept-once.ts'
import { requestSha256 } from './idempotency-key.ts'

/** Said when Postgres went away while something was being made. */
export const repeatWithKey = 'outcome unknown, repeat with the same Idempotency-Key'

const idAnswer = z.object({ id: z.uuid() })

/** A request as it is told apart from others under its key; null without a key. `body` is parsed JSON. */
export function keyedRequest(
  caller: { readonly id: string },
  key: string | undefined,
  operation: string,
  body: unknown,
): KeyedRequest | null {
  return key === undefined ? null : { caller: caller.id, key, requestSha256: requestSha256(operation, [], body) }
}

/** The id that was answered the first time. */
export function idOfAnswer(answer: unknown): string {
  return idAnswer.parse(answer).id
}
