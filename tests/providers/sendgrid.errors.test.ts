import { randomUUID } from 'node:crypto'
import { afterAll, describe } from 'vitest'
import type { ProviderCall } from '../../src/providers/provider-call.ts'
import { sendgridTable } from '../../src/providers/sendgrid/errors.ts'
import { sandboxControl } from '../../src/sandbox/control-client.ts'
import { startSandbox } from '../../src/sandbox/start-sandbox.ts'
import { type Provocation, provokeEachRow } from './provoke.ts'
import { mailSender } from './senders.ts'

const sandbox = await startSandbox()
afterAll(() => sandbox.close())
const control = sandboxControl(sandbox.url)
const gone = await startSandbox()
await gone.close()

const call = (timeoutMs = 10_000): ProviderCall => ({ timeoutMs, signal: new AbortController().signal })
const sender = mailSender(sandbox.url)
const status = (code: number) => ({ fault: { kind: 'status', status: code } }) as const

async function failing({ recipient: to, fault }: Provocation): Promise<unknown> {
  const recipient = to ?? `${randomUUID()}@example.test`
  if (fault !== undefined) await control.fault({ provider: 'sendgrid', match: recipient, ...fault })
  return sender.send(recipient, 'hello', call(fault?.kind === 'hang' ? 1_000 : 10_000))
}

describe('each row of the SendGrid table', () => {
  provokeEachRow(
    sendgridTable,
    [
      {
        code: 'sendgrid-unreachable',
        outcome: 'TemporaryError',
        fail: () => mailSender(gone.url).send('a@example.test', 'hello', call()),
      },
      { code: 'sendgrid-timeout', outcome: 'Ambiguous', fault: { kind: 'hang' } },
      { code: 'sendgrid-answer-lost', outcome: 'Ambiguous', fault: { kind: 'reset' } },
      {
        code: 'sendgrid-key-refused',
        outcome: 'ConfigError',
        fail: () => mailSender(sandbox.url, false).send('a@example.test', 'hello', call()),
      },
      { code: 'sendgrid-forbidden', outcome: 'ConfigError', ...status(403) },
      { code: 'sendgrid-wrong-address', outcome: 'ConfigError', ...status(404) },
      { code: 'sendgrid-wrong-address', outcome: 'ConfigError', ...status(405) },
      { code: 'sendgrid-request-incomplete', outcome: 'TemporaryError', ...status(408) },
      {
        code: 'sendgrid-mail-too-large',
        outcome: 'PermanentError',
        fail: () => sender.send('a@example.test', 'x'.repeat(16 * 1024 * 1024), call()),
      },
      { code: 'sendgrid-busy', outcome: 'ProviderBusy', ...status(429) },
      { code: 'sendgrid-unavailable', outcome: 'TemporaryError', ...status(503) },
      { code: 'sendgrid-mail-refused', outcome: 'PermanentError', recipient: 'not-an-address' },
      { code: 'sendgrid-server-error', outcome: 'Ambiguous', ...status(500) },
    ],
    failing,
  )
})
