import { randomInt } from 'node:crypto'
import { afterAll, describe, expect, it } from 'vitest'
import { TemporaryError } from '../../src/errors.ts'
import type { ProviderCall } from '../../src/providers/provider-call.ts'
import { twilioTable } from '../../src/providers/twilio/errors.ts'
import { twilioTexter } from '../../src/providers/twilio/texter.ts'
import { sandboxControl } from '../../src/sandbox/control-client.ts'
import { startSandbox } from '../../src/sandbox/start-sandbox.ts'
import { type Provocation, provokeEachRow } from './provoke.ts'
import { ACCOUNT_SID, smsSender } from './senders.ts'

const sandbox = await startSandbox()
afterAll(() => sandbox.close())
const control = sandboxControl(sandbox.url)
const gone = await startSandbox()
await gone.close()

const call = (timeoutMs = 10_000): ProviderCall => ({ timeoutMs, signal: new AbortController().signal })
const sender = smsSender(sandbox.url)
const texter = twilioTexter({
  accountSid: ACCOUNT_SID,
  authToken: 'good-token',
  baseUrl: `${sandbox.url}/twilio`,
  statusUrl: null,
})
const number = () => `+336${randomInt(10_000_000, 99_999_999)}`
const status = (code: number) => ({ fault: { kind: 'status', status: code } }) as const
const refused = (last: string, code: string, outcome: Provocation['outcome'] = 'PermanentError') => ({
  code,
  outcome,
  recipient: `+150055500${last}`,
})
const sendFrom = (from: string) => () =>
  texter.send({ from, to: number(), body: 'hello', expiresAt: null, effectId: 'e1' }, call())

async function failing({ recipient: to, fault }: Provocation): Promise<unknown> {
  const recipient = to ?? number()
  if (fault !== undefined) await control.fault({ provider: 'twilio', match: recipient, ...fault })
  return sender.send(recipient, 'hello', call(fault?.kind === 'hang' ? 1_000 : 10_000))
}

describe('each row of the Twilio table', () => {
  provokeEachRow(
    twilioTable,
    [
      {
        code: 'twilio-unreachable',
        outcome: 'TemporaryError',
        fail: () => smsSender(gone.url).send(number(), 'hello', call()),
      },
      { code: 'twilio-timeout', outcome: 'Ambiguous', fault: { kind: 'hang' } },
      { code: 'twilio-answer-lost', outcome: 'Ambiguous', fault: { kind: 'reset' } },
      refused('01', 'twilio-invalid-number'),
      refused('02', 'twilio-unroutable'),
      refused('03', 'twilio-region-not-enabled'),
      refused('04', 'twilio-unsubscribed'),
      refused('09', 'twilio-not-mobile'),
      refused('11', 'twilio-not-mobile'),
      refused('12', 'twilio-trial-account', 'ConfigError'),
      {
        code: 'twilio-sms-too-long',
        outcome: 'PermanentError',
        fail: () => sender.send(number(), 'x'.repeat(1_601), call()),
      },
      { code: 'twilio-sender-refused', outcome: 'ConfigError', fail: sendFrom('+15005550007') },
      { code: 'twilio-sender-refused', outcome: 'ConfigError', fail: sendFrom('+15005550001') },
      { code: 'twilio-busy', outcome: 'ProviderBusy', ...status(429) },
      {
        code: 'twilio-credentials-refused',
        outcome: 'ConfigError',
        fail: () => smsSender(sandbox.url, false).send(number(), 'hello', call()),
      },
      { code: 'twilio-credentials-refused', outcome: 'ConfigError', ...status(403) },
      { code: 'twilio-wrong-address', outcome: 'ConfigError', ...status(404) },
      { code: 'twilio-request-incomplete', outcome: 'TemporaryError', ...status(408) },
      { code: 'twilio-unavailable', outcome: 'TemporaryError', ...status(503) },
      { code: 'twilio-sms-refused', outcome: 'PermanentError', fail: () => sender.send(number(), '', call()) },
      { code: 'twilio-server-error', outcome: 'Ambiguous', ...status(500) },
    ],
    failing,
  )

  it.each([{ kind: 'reset' }, { kind: 'status', status: 500 }, { kind: 'status', status: 400 }] as const)(
    'a look-up that fails by $kind may be repeated',
    async fault => {
      const to = number()
      await control.fault({ provider: 'twilio', on: 'list', match: to, ...fault })
      await expect(texter.sentTo(to, new Date(0), call())).rejects.toBeInstanceOf(TemporaryError)
      await expect(texter.sentTo(to, new Date(0), call())).resolves.toEqual([])
    },
  )
})
