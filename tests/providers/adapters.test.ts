import { afterAll, describe, expect, it } from 'vitest'
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

async function arrived(recipient: string) {
  const [effect] = await control.effects({ recipient })
  return effect?.content
}

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

  const mailer = sendgridMailer({ apiKey: 'k', baseUrl: `${sandbox.url}/sendgrid` })
  const plain = {
    from: 'bookings@hbnb.test',
    subject: 'Séjour',
    html: '<p>Bonjour</p>',
    text: 'Bonjour',
    locale: 'fr-FR',
    customArgs: {},
  }

  it.each([
    ['accents', 'Forêt, garçon, cœur, l’été – « ça va »'],
    ['pictures', '❤️ 🏖️ 👩‍👩‍👧 Cœur de l’Œuf 🇫🇷'],
    ['200 characters', `L’été à l’île ${'ê'.repeat(200)}`.slice(0, 200)],
    ['markup', '<b>Château</b> & "co" {{name}}'],
  ])('hands over a subject and text with %s as they are', async (name, said) => {
    const to = `${name.replaceAll(' ', '-')}@example.test`
    await mailer.send({ ...plain, to, subject: said, html: `<p>${said}</p>`, text: said }, call())
    expect(await arrived(to)).toMatchObject({ subject: said, html: `<p>${said}</p>`, text: said })
  })

  it('lets no title begin a header', async () => {
    const to = 'injected@example.test'
    const subject = 'Gîte\r\nBcc: other@example.test\n\nhello\u2028\u0000'
    await mailer.send({ ...plain, to, subject }, call())
    expect(await arrived(to)).toMatchObject({ subject: 'Gîte Bcc: other@example.test hello' })
    expect(await control.effects({ recipient: 'other@example.test' })).toEqual([])
  })

  it('tells mail programs how such mail is ended with one click, where it may be', async () => {
    const unsubscribeUrl = 'https://jobs.hbnb.test/unsubscribe/token'
    await mailer.send({ ...plain, to: 'list@example.test', unsubscribeUrl }, call())
    expect(await arrived('list@example.test')).toMatchObject({
      isOwed: false,
      headers: { 'List-Unsubscribe': `<${unsubscribeUrl}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' },
    })
    await mailer.send({ ...plain, to: 'owed@example.test' }, call())
    expect(await arrived('owed@example.test')).toMatchObject({ isOwed: true })
    expect(JSON.stringify(await arrived('owed@example.test'))).not.toContain('List-Unsubscribe')
  })

  it('names a template of SendGrid, and hands over its variables under their own names', async () => {
    const { subject: _subject, html: _html, text: _text, ...envelope } = plain
    const templateId = `d-${'0a'.repeat(16)}`
    const variables = {
      firstName: 'Zoé “O’Neil”',
      total_eur: 840.5,
      stays: [{ placeName: 'Gîte' }],
      news: { isOn: true },
    }
    await mailer.send({ ...envelope, to: 'template@example.test', templateId, variables }, call())
    expect(await arrived('template@example.test')).toMatchObject({ template: { id: templateId, variables } })
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
    await texter
      .send({ from: 'HBNB', to: queued, body: 'Ça va ? 😀', expiresAt: null, effectId }, call())
      .catch(() => undefined)
    const sent = await texter.sentTo(queued, since, call())
    expect(sent).toEqual([
      { id: expect.stringMatching(/^SM[0-9a-f]{32}$/), body: 'Ça va ? 😀', createdAt: expect.any(Date) },
    ])
  })

  it('lists neither other numbers nor older messages', async () => {
    const to = '+33611111111'
    await texter.send({ from: 'HBNB', to, body: 'hello', expiresAt: null, effectId }, call())
    await expect(texter.sentTo('+33622222222', new Date(0), call())).resolves.toEqual([])
    await expect(texter.sentTo(to, new Date(Date.now() + 2_000), call())).resolves.toEqual([])
    await expect(texter.sentTo(to, new Date(Date.now() - 60_000), call())).resolves.toHaveLength(1)
  })
})
