import type { Messaging } from 'firebase-admin/messaging'
import { maxPushBytes, pushBytes } from '../../domain/notifications/push-size.ts'
import { Ambiguous, ConfigError, PermanentError, ProviderBusy } from '../../errors.ts'
import { withinBounds } from '../call-failure.ts'
import type { ProviderCall } from '../provider-call.ts'
import type { Push, PushAnswer, Pusher } from '../pusher.ts'
import { connect, type FcmOptions } from './connect.ts'
import { type Refusal, translate } from './errors.ts'
import { findDead } from './find-dead.ts'
import { foreignDevices } from './foreign-devices.ts'
import { toSdk } from './message.ts'

/** FCM itself takes 500, but reports of lost calls begin near 200 (firebase/firebase-admin-node#2943). */
const MAX_MESSAGES_PER_CALL = 100
const MAX_SENDS_AT_ONCE = 20

type Answer = { readonly id: string } | Refusal

/** FCM v1 through its own SDK (docs: https://firebase.google.com/docs/cloud-messaging/send/admin-sdk). */
export function fcmPusher(options: FcmOptions): Pusher {
  let connected: Promise<Messaging> | undefined
  const foreign = foreignDevices()
  return {
    provider: 'fcm',
    maxMessagesPerCall: MAX_MESSAGES_PER_CALL,
    async send(pushes, { signal, timeoutMs }) {
      if (pushes.length > MAX_MESSAGES_PER_CALL)
        throw new RangeError(`At most ${MAX_MESSAGES_PER_CALL} pushes per call.`)
      connected ??= connect(options) // Not before the first push: the SDK costs memory.
      const messaging = await connected
      const call = { timeoutMs, signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]) }
      const answers = foreign.judge(await sendEach(messaging, pushes, call))
      const doubtful = pushes.filter((_, index) => deviceOf(answers[index]) === 'doubtful').map(({ token }) => token)
      const dead = await findDead(messaging, doubtful, call)
      return pushes.map(({ token }, index) => told(answers[index], dead.has(token)))
    },
  }
}

/**
 * One request per device, a few at a time. The SDK's sendEachForMulticast sends as many, all over one connection: it cannot
 * be stopped, so what was given up may still be sent, and it never answers once that connection is closed. When FCM says
 * stop, the rest is not sent.
 */
async function sendEach(messaging: Messaging, pushes: readonly Push[], call: ProviderCall): Promise<Answer[]> {
  const answers: Answer[] = []
  let stopped: Refusal | undefined
  let next = 0
  async function lane(): Promise<void> {
    for (let index = next++; index < pushes.length; index = next++) {
      const push = pushes[index]
      if (push === undefined) return
      const answer = stopped ?? (await sendOne(messaging, push, call))
      answers[index] = answer
      if ('error' in answer && (answer.error instanceof ProviderBusy || answer.error instanceof ConfigError)) {
        stopped = answer
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(MAX_SENDS_AT_ONCE, pushes.length) }, lane))
  return answers
}

async function sendOne(messaging: Messaging, push: Push, call: ProviderCall): Promise<Answer> {
  const bytes = pushBytes(push)
  if (bytes > maxPushBytes) {
    const message = `The push has ${bytes} bytes; FCM takes ${maxPushBytes}.`
    return { error: new PermanentError('fcm-push-too-large', message), device: 'kept' }
  }
  try {
    const id = await withinBounds(call, () => messaging.send(toSdk(push)))
    if (id) return { id }
    return { error: new Ambiguous('fcm-odd-answer', 'FCM accepted the push but gave no name.'), device: 'kept' }
  } catch (error) {
    return translate(error)
  }
}

function deviceOf(answer: Answer | undefined): Refusal['device'] {
  return answer !== undefined && 'device' in answer ? answer.device : 'kept'
}

function told(answer: Answer | undefined, isDead: boolean): PushAnswer {
  if (answer === undefined) throw new Error('a push has no answer')
  if ('id' in answer) return answer
  return { error: answer.error, deadToken: isDead || answer.device === 'dead' }
}
