import { randomUUID } from 'node:crypto'
import { afterAll, describe } from 'vitest'
import { fcmTable, translate } from '../../src/providers/fcm/errors.ts'
import type { ProviderCall } from '../../src/providers/provider-call.ts'
import { sandboxControl } from '../../src/sandbox/control-client.ts'
import { startSandbox } from '../../src/sandbox/start-sandbox.ts'
import { type Provocation, provokeEachRow } from './provoke.ts'
import { pushSender } from './senders.ts'

const sandbox = await startSandbox()
afterAll(() => sandbox.close())
const control = sandboxControl(sandbox.url)
const gone = await startSandbox()
await gone.close()

const call = (timeoutMs = 10_000): ProviderCall => ({ timeoutMs, signal: new AbortController().signal })
const sender = pushSender(sandbox.url)
const token = (prefix: string) => ({ recipient: `${prefix}-${randomUUID()}` })

async function failing({ recipient = randomUUID(), fault }: Provocation): Promise<unknown> {
  if (fault !== undefined) await control.fault({ provider: 'fcm', match: recipient, ...fault })
  return sender.send(recipient, 'hello', call(fault?.kind === 'hang' ? 1_000 : 10_000))
}

/** Codes that today's FCM no longer answers, but the SDK still has. */
const fromSdk = (code: string) => () => Promise.reject(translate(Object.assign(new Error(code), { code })).error)

describe('each row of the FCM table', () => {
  provokeEachRow(
    fcmTable,
    [
      { code: 'fcm-unregistered', outcome: 'PermanentError', ...token('dead') },
      { code: 'fcm-foreign-token', outcome: 'PermanentError', ...token('foreign') },
      { code: 'fcm-invalid-token', outcome: 'PermanentError', fail: fromSdk('messaging/invalid-registration-token') },
      { code: 'fcm-apple-key-refused', outcome: 'ConfigError', ...token('apns') },
      { code: 'fcm-busy', outcome: 'ProviderBusy', ...token('busy') },
      { code: 'fcm-push-too-large', outcome: 'PermanentError', fail: fromSdk('messaging/payload-size-limit-exceeded') },
      { code: 'fcm-push-refused', outcome: 'PermanentError', ...token('malformed') },
      { code: 'fcm-push-malformed', outcome: 'PermanentError', recipient: '' },
      { code: 'fcm-credentials-refused', outcome: 'ConfigError', ...token('denied') },
      { code: 'fcm-credentials-refused', outcome: 'ConfigError', fault: { kind: 'status', status: 401 } },
      { code: 'fcm-wrong-project', outcome: 'ConfigError', ...token('lost-project') },
      { code: 'fcm-unavailable', outcome: 'TemporaryError', ...token('down') },
      {
        code: 'fcm-unreachable',
        outcome: 'TemporaryError',
        fail: () => pushSender(gone.url).send(randomUUID(), 'hello', call()),
      },
      { code: 'fcm-timeout', outcome: 'Ambiguous', fault: { kind: 'hang' } },
      { code: 'fcm-answer-lost', outcome: 'Ambiguous', fault: { kind: 'reset' } },
      { code: 'fcm-server-error', outcome: 'Ambiguous', ...token('broken') },
    ],
    failing,
  )
})
