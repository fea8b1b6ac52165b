import { once } from 'node:events'
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { verifySendgridEvents } from '../../src/providers/sendgrid/events.ts'
import { type SendgridEvent, sendgridEvents } from '../support/sendgrid-events.ts'
import { sandboxControl } from '../../src/sandbox/control-client.ts'
import { DEVELOPMENT_EVENT_PUBLIC_KEY } from '../../src/sandbox/development-keys.ts'
import { startSandbox } from '../../src/sandbox/start-sandbox.ts'
import { mailSender } from '../providers/senders.ts'

let received: SendgridEvent[] = []
let genuine: boolean[] = []
let failures = 0

const receiver = createServer((request, response) => {
  void text(request).then(body => {
    if (failures > 0) {
      failures -= 1
      return response.writeHead(503).end()
    }
    genuine.push(verifySendgridEvents(Buffer.from(body), request.headers, DEVELOPMENT_EVENT_PUBLIC_KEY))
    received.push(...sendgridEvents.parse(JSON.parse(body)))
    return response.end()
  })
}).listen(0, '127.0.0.1')
await once(receiver, 'listening')
const address = receiver.address()
const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/webhooks/sendgrid`

const sandbox = await startSandbox({ sendgridEventsUrl: url })
const control = sandboxControl(sandbox.url)
const sender = mailSender(sandbox.url)
const call = { timeoutMs: 10_000, signal: new AbortController().signal }
const names = () => received.map(({ event }) => event)

afterAll(async () => {
  await sandbox.close()
  receiver.close()
})
beforeEach(async () => {
  await control.resumeEvents()
  await control.postEventsTo(url)
  await control.clearEffects()
  received = []
  genuine = []
  failures = 0
})

describe('mail events', () => {
  it('tell, signed and in order, what became of a mail', async () => {
    const { id } = await sender.send('claire@example.test', 'effect-1', call)
    await expect.poll(names).toEqual(['processed', 'delivered'])
    expect(genuine).not.toContain(false)
    for (const event of received) {
      expect(event).toMatchObject({ effect_id: 'effect-1', email: 'claire@example.test' })
      expect(event.sg_message_id).toMatch(new RegExp(`^${id}\\.`))
    }
  })

  it('are told also when the answer to the sender was lost', async () => {
    await control.fault({ provider: 'sendgrid', kind: 'accept-then-drop' })
    await sender.send('claire@example.test', 'effect-2', call).catch(() => undefined)
    await expect.poll(() => received.map(event => event.effect_id)).toEqual(['effect-2', 'effect-2'])
  })

  it('are not told of a mail that was never accepted', async () => {
    await control.fault({ provider: 'sendgrid', kind: 'reset' })
    await sender.send('claire@example.test', 'effect-3', call).catch(() => undefined)
    await sender.send('claire@example.test', 'effect-4', call)
    await expect.poll(() => received.map(event => event.effect_id)).toEqual(['effect-4', 'effect-4'])
  })

  it.each([
    ['bounce-1@example.test', ['processed', 'bounce']],
    ['dropped-1@example.test', ['dropped']],
    ['spam-1@example.test', ['processed', 'delivered', 'spamreport']],
  ])('%s: %j', async (recipient, expected) => {
    await sender.send(recipient, 'effect-5', call)
    await expect.poll(names).toEqual(expected)
  })

  it('are sent again until the receiver takes them', async () => {
    failures = 2
    await sender.send('claire@example.test', 'effect-6', call)
    await expect.poll(names, { timeout: 5_000 }).toEqual(['processed', 'delivered'])
    expect(failures).toBe(0)
  })

  it('wait while they are paused, and while they have no target', async () => {
    await control.pauseEvents()
    await sender.send('claire@example.test', 'effect-7', call)
    await expect.poll(async () => (await control.events()).waiting).toBe(2)
    await control.postEventsTo(null)
    await control.resumeEvents()
    expect(await control.events()).toMatchObject({ waiting: 2, delivered: 0 })
    await control.postEventsTo(url)
    await expect.poll(names).toEqual(['processed', 'delivered'])
  })

  it('come twice on demand, with the same ids', async () => {
    await sender.send('claire@example.test', 'effect-8', call)
    await expect.poll(names).toHaveLength(2)
    await control.repeatEvents('effect-8')
    await expect.poll(names).toHaveLength(4)
    expect(new Set(received.map(event => event.sg_event_id)).size).toBe(2)
  })
})
