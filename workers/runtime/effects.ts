import { PermanentError } from '../../src/errors.ts'
import { type EffectRow, reserveEffects } from '../../src/ledger/effect-rows.ts'
import type { ProviderCall } from '../../src/providers/provider-call.ts'
import type { EffectPolicy, EffectResult, SendAll, Sending } from './effect-policy.ts'
import { type EffectRun, sendReserved } from './send-effects.ts'
import { settleUnknown } from './settle-effects.ts'

export interface Effects {
  /** Sends each key once by our decision; answers what is known of every key. Parks the job while any is unknown. */
  readonly effects: (keys: readonly string[], policy: EffectPolicy, send: SendAll) => Promise<Map<string, EffectResult>>
  /** The same for one key. Answers the provider's id; throws PermanentError when it was refused or closed as unknown. */
  readonly effect: (
    key: string,
    policy: EffectPolicy,
    send: (sending: Sending, call: ProviderCall) => Promise<{ readonly id: string }>,
  ) => Promise<string>
}

export function effectsOf(context: EffectRun): Effects {
  const effects: Effects['effects'] = async (keys, policy, send) => {
    if (context.claim.token === 0) throw new Error('an effect needs a job of the ledger: durability `ledger`')
    const reserved = await reserveEffects(context.run, context.claim.id, policy.provider, [...new Set(keys)])
    const settled = await settleUnknown(context.run, reserved, policy, context.mask)
    const sent = new Map(settled.map(row => [row.key, row]))
    const waiting = settled.filter(row => row.state === 'reserved')
    for (let start = 0; start < waiting.length; start += policy.maxPerCall) {
      const call = waiting.slice(start, start + policy.maxPerCall)
      for (const row of await sendReserved(context, call, policy, send)) sent.set(row.key, row)
    }
    return new Map([...sent].map(([key, row]) => [key, resultOf(row)]))
  }
  return {
    effects,
    async effect(key, policy, send) {
      const results = await effects([key], policy, async ([sending], call) => {
        if (!sending) return []
        try {
          return [await send(sending, call)]
        } catch (error) {
          return [{ error }]
        }
      })
      const result = results.get(key)
      if (result?.state === 'accepted') return result.providerId
      if (result?.state === 'rejected') throw result.error
      throw new PermanentError(
        'effect-unknown',
        `it could not be learned whether ${policy.provider} took it; not repeated`,
      )
    },
  }
}

function resultOf(row: EffectRow): EffectResult {
  if (row.state === 'accepted') return { state: 'accepted', providerId: row.providerId ?? row.id }
  if (row.state === 'rejected') {
    return {
      state: 'rejected',
      error: new PermanentError(row.error?.code ?? 'rejected', row.error?.message ?? 'the provider refused'),
    }
  }
  return { state: 'unknown' }
}
