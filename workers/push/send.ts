import contract from '../../queues/push/send.ts'
import { earlierEffects } from '../../src/db/earlier-effects.ts'
import { countUnread } from '../../src/db/notification-inbox.ts'
import { deviceTokensOf } from '../../src/db/users.ts'
import { isTestTenant } from '../../src/domain/test-tenant.ts'
import { Ambiguous, PermanentError, Skipped } from '../../src/errors.ts'
import { forgetDevices } from '../../src/mirror/devices.ts'
import { loadDelivery } from '../notifications/load-delivery.ts'
import { process } from '../runtime/process.ts'
import { deviceKey } from './device-key.ts'
import { ttlSecondsUntil } from './ttl-seconds.ts'

export default process(contract, async ({ delivery_id }, { job, db, pusher, providerTimeoutMs, effects, log }) => {
  const loaded = await loadDelivery(db, delivery_id)
  if (loaded instanceof Skipped) return loaded
  const { notification, message, refusal } = loaded
  const { tenant } = notification
  const { userId } = loaded.recipient
  const known = userId === null ? [] : await deviceTokensOf(db, userId)
  const tokens = new Map(known.map(token => [deviceKey(token), token]))
  const earlier = await earlierEffects(db, job.id)
  const keys = new Set([...(refusal === null ? tokens.keys() : []), ...earlier.keys()])
  if (keys.size === 0) return new Skipped('no-address')

  const push = {
    ...message.push,
    data: notification.push_data,
    collapseId: notification.id,
    ttlSeconds: ttlSecondsUntil(notification.expires_at),
    urgency: notification.urgency,
    channel: notification.category,
    badge: userId === null ? null : await countUnread(db, { tenant, userId }),
  }
  const provider = await pusher()
  const results = await effects(
    [...keys],
    {
      provider: provider.provider,
      maxPerCall: provider.maxMessagesPerCall,
      sendWithinMs: providerTimeoutMs,
      // FCM can be asked nothing; sent again under the same collapse id, the device still shows one.
      settle: async () => 'cannot-tell',
      whenUnsettled: { afterMs: 0, action: refusal === null ? 'resend' : 'close' },
    },
    async (sendings, call) => {
      const there = sendings.flatMap(({ key }) => {
        const token = refusal === null ? tokens.get(key) : undefined
        return token === undefined ? [] : [{ key, token }]
      })
      const pushes = there.map(({ token }) => ({ ...push, token }))
      const told = await provider.send(pushes, call)
      const answers = new Map(there.map(({ key }, index) => [key, told[index]]))
      const dead = there.filter(({ key }) => isDead(answers.get(key))).map(({ token }) => token)
      // What the sandbox says of a device is nothing about it.
      if (!isTestTenant(job.tenant)) {
        // The answers must reach the ledger whatever happens here; the next push finds a dead device dead again.
        await forgetDevices(db, dead).catch((error: unknown) => log.warn('dead devices not forgotten', { error }))
      }
      return sendings.map(({ key }) => answers.get(key) ?? { error: unsent(refusal, earlier.get(key)?.isInDoubt) })
    },
  )
  const states = [...results.values()].map(({ state }) => state)
  const count = (state: string) => states.filter(each => each === state).length
  return { accepted: count('accepted'), refused: count('rejected'), unknown: count('unknown') }
})

function isDead(answer: object | undefined): boolean {
  return answer !== undefined && 'deadToken' in answer && answer.deadToken === true
}

/** Why nothing is sent that an earlier run had begun with. What may have been sent stays in doubt. */
function unsent(refusal: string | null, isInDoubt = false): Error {
  const code = refusal === null ? 'device-forgotten' : 'overtaken'
  const message = refusal ?? 'The device was forgotten since.'
  return isInDoubt ? new Ambiguous(code, message) : new PermanentError(code, message)
}
