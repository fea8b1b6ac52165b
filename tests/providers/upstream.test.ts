import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import { afterAll, describe, expect, it } from 'vitest'
import type { ProviderCall } from '../../src/providers/provider-call.ts'
import { upstreamEntities } from '../../src/providers/upstream/entities.ts'
import { upstreamTable } from '../../src/providers/upstream/errors.ts'
import { sandboxControl } from '../../src/sandbox/control-client.ts'
import { startSandbox } from '../../src/sandbox/start-sandbox.ts'
import { closedPort } from '../support/closed-port.ts'
import { type Provocation, provokeEachRow } from './provoke.ts'

const sandbox = await startSandbox()
afterAll(() => sandbox.close())
const control = sandboxControl(sandbox.url)
const baseUrl = `${sandbox.url}/platform`
const upstream = upstreamEntities({ baseUrl, apiKey: 'good-key' })
const call = (timeoutMs = 10_000): ProviderCall => ({ timeoutMs, signal: new AbortController().signal })

const payment = { version: 3, booking_id: '42', status: 'succeeded', amount_minor: 84_050, currency: 'EUR' }

describe('the API of the platform', () => {
  it('answers an entity with its defaults, without what only others read', async () => {
    await control.platformKnows('payments', 'pay/1 é', { ...payment, internal_note: 'for others' })
    expect(await upstream.find('payment', 'pay/1 é', call())).toEqual({
      ...payment,
      refunded_minor: 0,
      payment_intent_id: null,
      created_at: null,
    })
  })

  it('does not know an id that it answers with 404 or 410, nor one that no URL can name', async () => {
    await control.fault({ provider: 'platform', kind: 'status', status: 410, match: 'users/gone' })
    expect(await upstream.find('user', 'gone', call())).toBeNull()
    expect(await upstream.find('booking', 'nobody-told', call())).toBeNull()
    expect(await upstream.find('payment', '..', call())).toBeNull()
    expect(await upstream.find('payment', '.', call())).toBeNull()
  })

  it.each<[string, unknown, string]>([
    ['of another id', { ...payment, id: 'other' }, 'another payment'],
    ['without a version', { ...payment, version: undefined }, 'no payment as we know it: version.'],
    ['with false money', { ...payment, amount_minor: 1.5, refunded_minor: -1 }, 'amount_minor, refunded_minor'],
    ['that is no object', ['x'], 'no JSON object'],
    ['larger than any entity', { ...payment, note: 'x'.repeat(1_100_000) }, 'larger than any entity'],
  ])('is not believed with an answer %s', async (_name, body, words) => {
    await using server = await answering(JSON.stringify(body))
    const failure = await upstreamEntities({ baseUrl: server.url, apiKey: 'k' })
      .find('payment', '1', call())
      .catch((error: unknown) => error)
    expect(failure).toMatchObject({ name: 'PermanentError', code: 'upstream-odd-answer' })
    expect(failure).toHaveProperty('message', expect.stringContaining(words))
  })
})

const status = (code: number) => ({ fault: { kind: 'status', status: code } }) as const

describe('each row of its table', () => {
  provokeEachRow(
    upstreamTable,
    [
      { code: 'upstream-timeout', outcome: 'TemporaryError', fault: { kind: 'hang' } },
      { code: 'upstream-unreachable', outcome: 'TemporaryError', fault: { kind: 'reset' } },
      {
        code: 'upstream-unreachable',
        outcome: 'TemporaryError',
        fail: async () => {
          const gone = `http://127.0.0.1:${await closedPort()}`
          return await upstreamEntities({ baseUrl: gone, apiKey: 'k' }).find('user', '1', call())
        },
      },
      {
        code: 'upstream-key-refused',
        outcome: 'ConfigError',
        fail: async () => await upstreamEntities({ baseUrl, apiKey: 'bad-key' }).find('user', '1', call()),
      },
      { code: 'upstream-key-refused', outcome: 'ConfigError', ...status(403) },
      { code: 'upstream-wrong-address', outcome: 'ConfigError', ...status(302) },
      { code: 'upstream-busy', outcome: 'ProviderBusy', ...status(429) },
      { code: 'upstream-unavailable', outcome: 'TemporaryError', ...status(408) },
      { code: 'upstream-unavailable', outcome: 'TemporaryError', ...status(503) },
      { code: 'upstream-refused', outcome: 'PermanentError', ...status(400) },
    ],
    failing,
  )
})

/** A server that answers everything with 200 and this body. */
async function answering(body: string) {
  const server = createServer((_request, response) => void response.end(body))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

async function failing({ fault }: Provocation): Promise<unknown> {
  const id = randomUUID()
  if (fault !== undefined) await control.fault({ provider: 'platform', match: id, ...fault })
  return await upstream.find('booking', id, call(fault?.kind === 'hang' ? 500 : 10_000))
}
