import { randomUUID } from 'node:crypto'
import { afterAll, describe, expect, it } from 'vitest'
import { fcmPusher } from '../../src/providers/fcm/pusher.ts'
import type { ProviderCall } from '../../src/providers/provider-call.ts'
import type { PushAnswer } from '../../src/providers/pusher.ts'
import { sandboxControl } from '../../src/sandbox/control-client.ts'
import { startSandbox } from '../../src/sandbox/start-sandbox.ts'
import { pushTo } from './senders.ts'

const sandbox = await startSandbox()
afterAll(() => sandbox.close())
const control = sandboxControl(sandbox.url)
const call = (timeoutMs = 10_000): ProviderCall => ({ timeoutMs, signal: new AbortController().signal })

const pusher = fcmPusher({ projectId: 'hbnb-test', sandboxUrl: sandbox.url })
const many = (count: number, prefix: string) => Array.from({ length: count }, (_, index) => `${prefix}-${index}`)
const outcomes = (answers: readonly PushAnswer[]) =>
  answers.map(answer => ('id' in answer ? 'sent' : answer.error.name))
const requests = async () => (await control.counts()).fcm.requests

describe('the FCM pusher', () => {
  it('answers for each device in the order of the pushes', async () => {
    const tokens = Array.from({ length: 100 }, (_, index) => (index % 10 === 3 ? `dead-${index}` : `order-${index}`))
    const answers = await pusher.send(
      tokens.map(token => pushTo(token)),
      call(),
    )
    const effects = await control.effects({ provider: 'fcm' })
    const idOf = (token: string) => effects.find(effect => effect.recipient === token)?.id
    expect(answers.map(answer => ('id' in answer ? answer.id : answer.error.name))).toEqual(
      tokens.map(token => (token.startsWith('dead-') ? 'PermanentError' : idOf(token))),
    )
  })

  it('hands over title, text, data, collapse id and how it is to be shown', async () => {
    const said = {
      title: 'Nouveau message',
      body: 'Ça va ? 😀',
      data: { booking_id: 'b1' },
      collapseId: 'message-1',
      ttlSeconds: 3_600,
      urgency: 'low',
      channel: 'message',
      badge: 3,
    } as const
    await pusher.send([pushTo('content-1', said)], call())
    const { collapseId, urgency: _, ...content } = said
    expect(await control.effects({ recipient: 'content-1' })).toMatchObject([
      { key: collapseId, content: { kind: 'push', priority: 'normal', ...content } },
    ])
  })

  it.each([
    ['low', 'normal'],
    ['normal', 'high'],
    ['high', 'high'],
  ] as const)('sends what is of %s urgency with %s priority', async (urgency, priority) => {
    const token = randomUUID()
    await pusher.send([pushTo(token, { urgency })], call())
    expect(await control.effects({ recipient: token })).toMatchObject([{ content: { priority, badge: null } }])
  })

  it('lets FCM keep nothing longer than it does', async () => {
    await pusher.send([pushTo('forever', { ttlSeconds: 365 * 86_400 })], call())
    expect(await control.effects({ recipient: 'forever' })).toMatchObject([{ content: { ttlSeconds: 28 * 86_400 } }])
  })

  it('refuses a push over 4,096 bytes by its size, and asks nobody', async () => {
    const before = await requests()
    const envelope = Buffer.byteLength(JSON.stringify({ notification: { title: 'é', body: '' }, data: {} }))
    const fits = pushTo('fits', { title: 'é', body: 'x'.repeat(4_096 - envelope) })
    const [tooLarge] = await pusher.send([{ ...fits, body: `${fits.body}x` }], call())
    expect(tooLarge).toMatchObject({
      error: { name: 'PermanentError', code: 'fcm-push-too-large', message: expect.stringContaining('4097 bytes') },
      deadToken: false,
    })
    expect(await requests()).toBe(before)
    expect(outcomes(await pusher.send([fits], call()))).toEqual(['sent'])
  })

  it('answers for the devices it reached when others hang', async () => {
    await control.fault({ provider: 'fcm', match: 'hanging-1', kind: 'hang' })
    const pushes = ['reached-1', 'hanging-1', 'reached-2'].map(token => pushTo(token))
    expect(outcomes(await pusher.send(pushes, call(2_000)))).toEqual(['sent', 'Ambiguous', 'sent'])
  })

  it('doubts only the devices whose connection broke', async () => {
    await control.fault({ provider: 'fcm', match: 'cut-', kind: 'accept-then-drop', times: 5 })
    const tokens = [...many(5, 'cut'), ...many(95, 'whole')]
    const answers = await pusher.send(
      tokens.map(token => pushTo(token)),
      call(),
    )
    expect(outcomes(answers)).toEqual(tokens.map(token => (token.startsWith('cut-') ? 'Ambiguous' : 'sent')))
  })

  it('sends no more once FCM says it is busy, and calls the rest busy too', async () => {
    const tokens = ['busy-1', ...many(99, 'after-busy')]
    const before = await requests()
    const answers = await pusher.send(
      tokens.map(token => pushTo(token)),
      call(),
    )
    const asked = (await requests()) - before
    const accepted = answers.filter(answer => 'id' in answer).length
    expect(asked).toBeLessThan(100)
    expect(accepted).toBe(asked - 1)
    expect(answers.flatMap(answer => ('error' in answer ? answer.error.name : []))).toEqual(
      Array.from({ length: 100 - accepted }, () => 'ProviderBusy'),
    )
  })

  it('refuses more pushes than its limit, sending none', async () => {
    const tokens = many(pusher.maxMessagesPerCall + 1, 'too-many')
    const sending = pusher.send(
      tokens.map(token => pushTo(token)),
      call(),
    )
    await expect(sending).rejects.toBeInstanceOf(RangeError)
    expect(await control.effects({ recipient: 'too-many-0' })).toEqual([])
  })

  it('blames our settings for a service account that cannot be read', async () => {
    const serviceAccount = { projectId: 'hbnb-test', clientEmail: 'a@b.test', privateKey: 'not a key' }
    const broken = fcmPusher({ projectId: 'hbnb-test', serviceAccount })
    await expect(broken.send([pushTo('x')], call())).rejects.toMatchObject({ code: 'fcm-bad-service-account' })
  })
})
