import { afterAll, describe, expect, it } from 'vitest'
import { fcmPusher } from '../../src/providers/fcm/pusher.ts'
import type { ProviderCall } from '../../src/providers/provider-call.ts'
import { sendgridMailer } from '../../src/providers/sendgrid/mailer.ts'
import { twilioTexter } from '../../src/providers/twilio/texter.ts'
import { sandboxControl } from '../../src/sandbox/control-client.ts'
import { startSandbox } from '../../src/sandbox/start-sandbox.ts'
import { ACCOUNT_SID } from './senders.ts'

const sandbox = await startSandbox()
afterAll(() => sandbox.close())
const control = sandboxControl(sandbox.url)
const call = (timeoutMs = 10_000): ProviderCall => ({ timeoutMs, signal: new AbortController().signal })

const push = (token: string) => ({
  token,
  title: 'Nouveau message',
  body: 'Bonjour',
  data: { booking_id: 'b1' },
  collapseId: 'message-1',
  ttlSeconds: 60,
})

describe('the SendGrid mailer', () => {
  it('hands over both parts, the language and our ids', async () => {
    const mail = {
      from: 'Réservations HBNB <bookings@hbnb.test>',
      to: 'claire@example.test',
      replyTo: 'hote@hbnb.test',
      subject: 'Séjour confirmé',
      html: '<p>Bonjour {{name}}</p>',
      text: 'Bonjour',
      locale: 'fr-FR',
      customArgs: { effect_id: 'effect-1', job_id: 'job-1' },
    }
    await sendgridMailer({ apiKey: 'k', baseUrl: `${sandbox.url}/sendgrid` }).send(mail, call())
    const [effect] = await control.effects({ recipient: mail.to })
    expect(effect).toMatchObject({
      key: 'effect-1',
      content: {
        kind: 'mail',
        from: mail.from,
        subject: mail.subject,
        html: mail.html,
        text: mail.text,
        headers: { 'Content-Language': 'fr-FR', 'Reply-To': 'hote@hbnb.test' },
        customArgs: mail.customArgs,
      },
    })
  })

  it('keeps the keys of two mailers apart', async () => {
    const baseUrl = `${sandbox.url}/sendgrid`
    const good = sendgridMailer({ apiKey: 'SG.good', baseUrl })
    const bad = sendgridMailer({ apiKey: 'SG.bad-key', baseUrl })
    const mail = {
      from: 'a@b.test',
      to: 'apart@example.test',
      subject: 's',
      html: 'h',
      text: 't',
      locale: 'en',
      customArgs: {},
    }
    await expect(bad.send(mail, call())).rejects.toMatchObject({ code: 'sendgrid-key-refused' })
    await expect(good.send(mail, call())).resolves.toHaveProperty('id')
    await expect(bad.send(mail, call())).rejects.toMatchObject({ code: 'sendgrid-key-refused' })
  })
})

describe('the Twilio texter', () => {
  const options = { accountSid: ACCOUNT_SID, authToken: 't', baseUrl: `${sandbox.url}/twilio` }
  const texter = twilioTexter({ ...options, statusUrl: null })
  const effectId = 'e1'

  it('lists what it sent, also when the answer was lost or nothing has left the queue yet', async () => {
    const queued = '+15005550010'
    const since = new Date()
    await control.fault({ provider: 'twilio', match: queued, kind: 'accept-then-drop' })
    await texter.send({ from: 'HBNB', to: queued, body: 'Ça va ? 😀', effectId }, call()).catch(() => undefined)
    const sent = await texter.sentTo(queued, since, call())
    expect(sent).toEqual([
      { id: expect.stringMatching(/^SM[0-9a-f]{32}$/), body: 'Ça va ? 😀', createdAt: expect.any(Date) },
    ])
  })

  it('lists neither other numbers nor older messages', async () => {
    const to = '+33611111111'
    await texter.send({ from: 'HBNB', to, body: 'hello', effectId }, call())
    await expect(texter.sentTo('+33622222222', new Date(0), call())).resolves.toEqual([])
    await expect(texter.sentTo(to, new Date(Date.now() + 2_000), call())).resolves.toEqual([])
    await expect(texter.sentTo(to, new Date(Date.now() - 60_000), call())).resolves.toHaveLength(1)
  })
})

describe('the FCM pusher', () => {
  const pusher = fcmPusher({ projectId: 'hbnb-test', sandboxUrl: sandbox.url })

  it('answers for each device in the order of the pushes', async () => {
    const tokens = Array.from({ length: 100 }, (_, index) => (index % 10 === 3 ? `dead-${index}` : `order-${index}`))
    const answers = await pusher.send(tokens.map(push), call())
    const effects = await control.effects({ provider: 'fcm' })
    const idOf = (token: string) => effects.find(effect => effect.recipient === token)?.id
    expect(answers.map(answer => ('id' in answer ? answer.id : answer.error.name))).toEqual(
      tokens.map(token => (token.startsWith('dead-') ? 'PermanentError' : idOf(token))),
    )
  })

  it('hands over title, text, data and the collapse id', async () => {
    await pusher.send([push('content-1')], call())
    expect(await control.effects({ recipient: 'content-1' })).toMatchObject([
      {
        key: 'message-1',
        content: { kind: 'push', title: 'Nouveau message', body: 'Bonjour', data: { booking_id: 'b1' } },
      },
    ])
  })

  it('answers for the devices it reached when others hang', async () => {
    await control.fault({ provider: 'fcm', match: 'hanging-1', kind: 'hang' })
    const answers = await pusher.send([push('reached-1'), push('hanging-1'), push('reached-2')], call(2_000))
    expect(answers.map(answer => ('id' in answer ? 'sent' : answer.error.name))).toEqual(['sent', 'Ambiguous', 'sent'])
  })

  it('sends no more once FCM says it is busy, and calls the rest busy too', async () => {
    const tokens = ['busy-1', ...Array.from({ length: 99 }, (_, index) => `after-busy-${index}`)]
    const before = (await control.counts()).fcm.requests
    const answers = await pusher.send(tokens.map(push), call())
    const asked = (await control.counts()).fcm.requests - before
    const accepted = answers.filter(answer => 'id' in answer).length
    expect(asked).toBeLessThan(100)
    expect(accepted).toBe(asked - 1)
    expect(answers.flatMap(answer => ('error' in answer ? answer.error.name : []))).toEqual(
      Array.from({ length: 100 - accepted }, () => 'ProviderBusy'),
    )
  })

  it('refuses more pushes than its limit, sending none', async () => {
    const tokens = Array.from({ length: pusher.maxMessagesPerCall + 1 }, (_, index) => `too-many-${index}`)
    await expect(pusher.send(tokens.map(push), call())).rejects.toBeInstanceOf(RangeError)
    expect(await control.effects({ recipient: 'too-many-0' })).toEqual([])
  })

  it('blames our settings for a service account that cannot be read', async () => {
    const serviceAccount = { projectId: 'hbnb-test', clientEmail: 'a@b.test', privateKey: 'not a key' }
    const broken = fcmPusher({ projectId: 'hbnb-test', serviceAccount })
    await expect(broken.send([push('x')], call())).rejects.toMatchObject({ code: 'fcm-bad-service-account' })
  })
})
