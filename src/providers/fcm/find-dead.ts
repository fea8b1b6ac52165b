import type { Messaging } from 'firebase-admin/messaging'
import { withinBounds } from '../call-failure.ts'
import type { ProviderCall } from '../provider-call.ts'
import { translate } from './errors.ts'

/**
 * Of devices whose push FCM called invalid, those that are at fault themselves: a bare message is invalid for them too. FCM
 * only checks it and shows nothing. Once it is valid for one, the push is at fault, and no more are asked. Never throws.
 */
export async function findDead(
  messaging: Messaging,
  tokens: readonly string[],
  call: ProviderCall,
): Promise<ReadonlySet<string>> {
  const dead = new Set<string>()
  for (const token of tokens) {
    if (!(await isInvalid(messaging, token, call))) break
    dead.add(token)
  }
  return dead
}

async function isInvalid(messaging: Messaging, token: string, call: ProviderCall): Promise<boolean> {
  const checkOnly = true
  try {
    await withinBounds(call, () => messaging.send({ token, notification: { title: 'HBNB' } }, checkOnly))
    return false
  } catch (error) {
    return translate(error).device === 'doubtful'
  }
}
