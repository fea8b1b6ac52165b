import { afterAll, describe, expect, it } from 'vitest'
import { sandboxControl } from '../../src/sandbox/control-client.ts'
import { startSandbox } from '../../src/sandbox/start-sandbox.ts'
import { asJson } from './as-json.ts'

const sandbox = await startSandbox()
afterAll(() => sandbox.close())
const control = sandboxControl(sandbox.url)
const statusOf = async (token: string) => (await sendTo(sandbox.url, token)).status
const sendTo = (url: string, token: string) =>
  fetch(`${url}/v1/projects/p/messages:send`, asJson({ message: { token } }))

describe('the counts', () => {
  it('tell requests from effects, for each recipient', async () => {
    const own = await startSandbox()
    const counter = sandboxControl(own.url)
    for (const token of ['a', 'a', 'b', 'dead-c']) await sendTo(own.url, token)
    await counter.fault({ provider: 'fcm', kind: 'accept-then-drop', match: 'a' })
    await sendTo(own.url, 'a').catch(() => undefined)
    const { fcm, twilio } = await counter.counts()
    expect(fcm).toEqual({ requests: 5, sent: 4, recipients: { a: 3, b: 1 } })
    expect(twilio).toEqual({ requests: 0, sent: 0, recipients: {} })
    await counter.clearEffects()
    expect((await counter.counts()).fcm).toEqual({ requests: 0, sent: 0, recipients: {} })
    await own.close()
  })
})

describe('the control API', () => {
  it.each([
    [{ provider: 'fax', kind: 'hang' }, 'provider'],
    [{ provider: 'fcm', kind: 'slow' }, 'delayMs'],
    [{ provider: 'fcm', kind: 'status', status: 200 }, 'status'],
    [{ provider: 'fcm', kind: 'hang', times: 0 }, 'times'],
    [{ provider: 'fcm', kind: 'explode' }, 'kind'],
  ])('refuses %j, naming the field', async (fault, field) => {
    const response = await fetch(`${sandbox.url}/control/faults`, asJson(fault))
    expect(response.status).toBe(400)
    expect(response.headers.get('content-type')).toContain('application/problem+json')
    expect(await response.json()).toMatchObject({ status: 400, errors: [{ field }] })
  })

  it('refuses what is no JSON, and to post events off this machine', async () => {
    expect((await fetch(`${sandbox.url}/control/faults`, asJson('{'))).status).toBe(400)
    const target = { ...asJson({ url: 'https://example.test/' }), method: 'PUT' }
    expect((await fetch(`${sandbox.url}/control/events/target`, target)).status).toBe(400)
  })

  it('uses faults up in order, and only where they match', async () => {
    await control.fault({ provider: 'fcm', kind: 'status', status: 503, match: 'picky', times: 2 })
    await control.fault({ provider: 'fcm', kind: 'status', status: 500, match: 'picky' })
    expect([await statusOf('other'), await statusOf('picky-1'), await statusOf('picky-2')]).toEqual([200, 503, 503])
    expect([await statusOf('picky-3'), await statusOf('picky-4')]).toEqual([500, 200])
  })
})
