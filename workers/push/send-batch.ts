import contract from '../../queues/push/send-batch.ts'
import { devicesOf } from '../../src/db/users.ts'
import { writeOwnWords } from '../../src/domain/notifications/own-words.ts'
import { isTestTenant } from '../../src/domain/test-tenant.ts'
import { Skipped } from '../../src/errors.ts'
import { forgetDevices } from '../../src/mirror/devices.ts'
import { countStates } from '../notifications/count-states.ts'
import { loadBatch, unsent } from '../notifications/load-batch.ts'
import { process } from '../runtime/process.ts'
import { deviceKey } from './device-key.ts'
import { ttlSecondsUntil } from './ttl-seconds.ts'

export default process(contract, async ({ broadcast_id }, context) => {
  const { db, job, pusher, providerTimeoutMs, effects, log } = context
  const loaded = await loadBatch(context, broadcast_id, 'push')
  if (loaded instanceof Skipped) return loaded
  const { broadcast, refusal, due, earlier } = loaded
  const deliveryOf = new Map(due.flatMap(({ deliveryId, reader }) => (reader ? [[reader.id, deliveryId]] : [])))
  const devices = await devicesOf(db, [...deliveryOf.keys()])
  const tokens = new Map<string, string>(
    devices.map(({ user_id, token }) => [`${deliveryOf.get(user_id)} ${deviceKey(token)}`, token]),
  )
  const push = {
    ...writeOwnWords(broadcast.locale, broadcast).push,
    data: broadcast.push_data,
    collapseId: broadcast.id,
    ttlSeconds: ttlSecondsUntil(broadcast.expires_at),
    urgency: 'normal' as const,
    channel: broadcast.category,
    badge: null, // To count what each of them has not read would cost more than all the rest.
  }
  const provider = await pusher()
  const results = await effects(
    [...new Set([...tokens.keys(), ...earlier.keys()])],
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
        const token = tokens.get(key)
        return token === undefined ? [] : [{ key, token }]
      })
      const pushes = there.map(({ token }) => ({ ...push, token }))
      const told = await provider.send(pushes, call)
      const answers = new Map(there.map(({ key }, index) => [key, told[index]]))
      const dead = there.filter((_, index) => isDead(told[index])).map(({ token }) => token)
      // What the sandbox says of a device is nothing about it.
      if (!isTestTenant(job.tenant)) {
        // The answers must reach the ledger whatever happens here; the next push finds a dead device dead again.
        await forgetDevices(db, dead).catch((error: unknown) => log.warn('dead devices not forgotten', { error }))
      }
      return sendings.map(({ key }) => answers.get(key) ?? { error: unsent(refusal, earlier.get(key)?.isInDoubt) })
    },
  )
  return countStates(results)
})

function isDead(answer: object | undefined): boolean {
  return answer !== undefined && 'deadToken' in answer && answer.deadToken === true
}
