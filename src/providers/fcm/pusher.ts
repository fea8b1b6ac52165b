import { randomUUID } from 'node:crypto'
import type { Agent } from 'node:https'
import type { Messaging, TokenMessage } from 'firebase-admin/messaging'
import { Ambiguous, ConfigError, ProviderBusy } from '../../errors.ts'
import { BoundedHttpsAgent, withinBounds } from '../call-failure.ts'
import type { ProviderCall } from '../provider-call.ts'
import type { Push, PushAnswer, Pusher } from '../pusher.ts'
import { translate } from './errors.ts'
import { SandboxAgent } from './sandbox-agent.ts'

/** FCM itself takes 500, but reports of lost calls begin near 200 (firebase/firebase-admin-node#2943). */
const MAX_MESSAGES_PER_CALL = 100
const MAX_SENDS_AT_ONCE = 20

/** A service account key, the three fields of Google's file that are needed. */
interface ServiceAccount {
  readonly projectId: string
  readonly clientEmail: string
  readonly privateKey: string
}

export type FcmOptions =
  | { readonly projectId: string; readonly serviceAccount: ServiceAccount }
  | { readonly projectId: string; readonly sandboxUrl: string }

/** FCM v1 through its own SDK (docs: https://firebase.google.com/docs/cloud-messaging/send/admin-sdk). */
export function fcmPusher(options: FcmOptions): Pusher {
  let connected: Promise<Messaging> | undefined
  return {
    provider: 'fcm',
    maxMessagesPerCall: MAX_MESSAGES_PER_CALL,
    async send(pushes, call) {
      if (pushes.length > MAX_MESSAGES_PER_CALL)
        throw new RangeError(`At most ${MAX_MESSAGES_PER_CALL} pushes per call.`)
      connected ??= connect(options) // Not before the first push: the SDK costs memory.
      return sendEach(await connected, pushes, call)
    },
  }
}

/**
 * One request per device, a few at a time, instead of the SDK's sendEach: that shares one HTTP/2 session which takes all
 * answers with it when it breaks, and it cannot be pointed at a test server. When FCM says stop, the rest is not sent.
 */
async function sendEach(messaging: Messaging, pushes: readonly Push[], call: ProviderCall): Promise<PushAnswer[]> {
  const answers: PushAnswer[] = []
  const shared = { ...call, signal: AbortSignal.any([call.signal, AbortSignal.timeout(call.timeoutMs)]) }
  let stopped: PushAnswer | undefined
  let next = 0
  async function lane(): Promise<void> {
    for (let index = next++; index < pushes.length; index = next++) {
      const push = pushes[index]
      if (push === undefined) return
      const answer = stopped ?? (await sendOne(messaging, push, shared))
      answers[index] = answer
      if ('error' in answer && (answer.error instanceof ProviderBusy || answer.error instanceof ConfigError)) {
        stopped = { error: answer.error, deadToken: false }
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(MAX_SENDS_AT_ONCE, pushes.length) }, lane))
  return answers
}

async function sendOne(messaging: Messaging, push: Push, call: ProviderCall): Promise<PushAnswer> {
  try {
    const id = await withinBounds(call, () => messaging.send(toSdk(push)))
    if (id) return { id }
    return { error: new Ambiguous('fcm-odd-answer', 'FCM accepted the push but gave no name.'), deadToken: false }
  } catch (error) {
    return translate(error)
  }
}

const toSdk = ({ token, title, body, data, collapseId, ttlSeconds }: Push): TokenMessage => ({
  token,
  notification: { title, body },
  data: { ...data },
  // The collapse key replaces a push that still waits for the device, the tag one that is already shown.
  android: { collapseKey: collapseId, ttl: ttlSeconds * 1_000, notification: { tag: collapseId } },
  apns: {
    headers: {
      'apns-collapse-id': collapseId,
      'apns-expiration': String(Math.floor(Date.now() / 1_000) + ttlSeconds),
    },
  },
})

async function connect(options: FcmOptions): Promise<Messaging> {
  const [{ cert, initializeApp }, { getMessaging }] = await Promise.all([
    import('firebase-admin/app'),
    import('firebase-admin/messaging'),
  ])
  const { projectId } = options
  const app = (credential: ReturnType<typeof cert>, httpAgent: Agent) =>
    initializeApp({ projectId, credential, httpAgent }, `hbnb-${randomUUID()}`) // A second app of one name is refused.
  if ('sandboxUrl' in options) {
    const credential = { getAccessToken: async () => ({ access_token: 'sandbox', expires_in: 3_600 }) }
    return withoutRetries(getMessaging(app(credential, new SandboxAgent(options.sandboxUrl))))
  }
  return withoutRetries(
    getMessaging(app(certificate(cert, options.serviceAccount), new BoundedHttpsAgent({ keepAlive: true }))),
  )
}

function certificate<C>(cert: (account: ServiceAccount) => C, account: ServiceAccount): C {
  try {
    return cert(account)
  } catch {
    throw new ConfigError('fcm-bad-service-account', 'The FCM service account key cannot be read.')
  }
}

/**
 * The SDK repeats a request up to four times by itself after a 503 or a broken connection, and has no setting for that.
 * Repeating is the job's decision, so the client's retry plan is taken away; if an update hides it, nothing is sent.
 */
function withoutRetries(messaging: Messaging): Messaging {
  const handler: unknown = Reflect.get(messaging, 'messagingRequestHandler')
  const client: unknown = isObject(handler) ? Reflect.get(handler, 'httpClient') : undefined
  if (!isObject(client) || !isObject(Reflect.get(client, 'retry')) || !Reflect.set(client, 'retry', undefined)) {
    throw new ConfigError('fcm-sdk-changed', 'This version of firebase-admin hides its retry plan: sends could double.')
  }
  return messaging
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null
