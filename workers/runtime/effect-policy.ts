import type { EffectRow } from '../../src/ledger/effect-rows.ts'
import type { ProviderCall } from '../../src/providers/provider-call.ts'

/** One send, as the adapter's caller sees it. */
export interface Sending {
  readonly key: string
  /** The effect's id: the provider's idempotency key or custom argument. */
  readonly id: string
}

/** What settlement may learn about a send whose answer was lost. */
export type Settlement = { readonly accepted: string } | 'not-sent' | 'cannot-tell'

/** How one kind of effect is sent and, when its answer is lost, settled. */
export interface EffectPolicy {
  readonly provider: string
  /** How many keys one call may carry. */
  readonly maxPerCall: number
  /** The adapter gives up by then; only later may anyone else take the send over. */
  readonly sendWithinMs: number
  /** Asks the provider what became of an unknown send. */
  readonly settle: (effect: EffectRow) => Promise<Settlement>
  /** When settlement cannot tell for this long: send once more, or close as unknown. */
  readonly whenUnsettled: { readonly afterMs: number; readonly action: 'resend' | 'close' }
}

/** Per key: accepted with the provider's id, refused, or closed without ever being known. */
export type EffectResult =
  | { readonly state: 'accepted'; readonly providerId: string }
  | { readonly state: 'rejected'; readonly error: Error }
  | { readonly state: 'unknown' }

/** Answers per sending, in order: the provider's id, or the outcome error that says why not. */
export type SendAll = (
  sendings: readonly Sending[],
  call: ProviderCall,
) => Promise<readonly ({ readonly id: string } | { readonly error: unknown })[]>
