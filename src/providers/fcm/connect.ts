import { randomUUID } from 'node:crypto'
import type { Agent } from 'node:https'
import type { Messaging } from 'firebase-admin/messaging'
import { ConfigError } from '../../errors.ts'
import { BoundedHttpsAgent } from '../call-failure.ts'
import { SandboxAgent } from './sandbox-agent.ts'

/** A service account key, the three fields of Google's file that are needed. */
interface ServiceAccount {
  readonly projectId: string
  readonly clientEmail: string
  readonly privateKey: string
}

/** Whose devices are sent to, and through what: FCM with a key, or the sandbox. */
export type FcmOptions =
  | { readonly projectId: string; readonly serviceAccount: ServiceAccount }
  | { readonly projectId: string; readonly sandboxUrl: string }

/** Loads the SDK. ConfigError for a key that cannot be read, or an SDK that would repeat sends by itself. */
export async function connect(options: FcmOptions): Promise<Messaging> {
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
