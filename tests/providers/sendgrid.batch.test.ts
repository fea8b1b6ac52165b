import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { PermanentError, TemporaryError } from '../../src/errors.ts'
import { type MailBatch, unsubscribePlace } from '../../src/providers/mailer.ts'
import { sendgridMailer } from '../../src/providers/sendgrid/mailer.ts'
import { sandboxControl } from '../../src/sandbox/control-client.ts'
import { startSandbox } from '../../src/sandbox/start-sandbox.ts'

const sandbox = await startSandbox()
afterAll(() => sandbox.close())
const control = sandboxControl(sandbox.url)
beforeEach(() => control.clearEffects())
const mailer = sendgridMailer({ apiKey: 'SG.good', baseUrl: `${sandbox.url}/sendgrid` })
const call = () => ({ timeoutMs: 10_000, signal: new AbortController().signal })

function batch(addresses: readonly string[]): MailBatch {
  return {
    from: 'hello@hbnb.test',
    replyTo: 'help@hbnb.test',
    locale: 'fr',
    subject: 'Cet été,\nà la fête',
    html: `<p>Venez\u202f!</p><a href="${unsubscribePlace}">fin</a>`,
    text: `Venez\u202f! ${unsubscribePlace}`,
    readers: addresses.map((to, index) => ({
      to,
      unsubscribeUrl: `https://hbnb.test/unsubscribe/${index}`,
      customArgs: { effect_id: `effect-${index}` },
    })),
  }
}
const people = (count: number) => Array.from({ length: count }, (_, index) => `person-${index}@example.test`)

describe('a batch of mails', () => {
  it('is one call for a thousand people, each with an id that tells their mail from the others', async () => {
    const answers = await mailer.sendBatch(batch(people(1_000)), call())
    expect(new Set(answers.map(answer => ('id' in answer ? answer.id : answer.error)))).toHaveLength(1)
    const { sendgrid } = await control.counts()
    expect(sendgrid).toMatchObject({ requests: 1, sent: 1_000 })
    const [mail] = await control.effects({ recipient: 'person-999@example.test' })
    expect(mail?.key).toBe('effect-999')
  })

  it('gives each reader a link of their own, in both parts and in the headers', async () => {
    await mailer.sendBatch(batch(people(2)), call())
    for (const index of [0, 1]) {
      const [mail] = await control.effects({ recipient: `person-${index}@example.test` })
      const url = `https://hbnb.test/unsubscribe/${index}`
      expect(mail?.content).toMatchObject({
        subject: 'Cet été, à la fête',
        html: `<p>Venez\u202f!</p><a href="${url}">fin</a>`,
        text: `Venez\u202f! ${url}`,
        headers: {
          'Content-Language': 'fr',
          'Reply-To': 'help@hbnb.test',
          'List-Unsubscribe': `<${url}>`,
          'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
        },
      })
    }
  })

  it('is refused for one faulty address, which alone is given up', async () => {
    const answers = await mailer.sendBatch(batch(['a@example.test', 'nobody', 'c@example.test']), call())
    const errors = answers.map(answer => ('error' in answer ? answer.error : undefined))
    expect(errors).toEqual([expect.any(TemporaryError), expect.any(PermanentError), expect.any(TemporaryError)])
    expect((await control.counts()).sendgrid.sent).toBe(0)
  })

  it('fails as a whole where nobody alone is to blame', async () => {
    await control.fault({ provider: 'sendgrid', match: 'person-0@example.test', kind: 'status', status: 503 })
    const answers = await mailer.sendBatch(batch(people(2)), call())
    expect(answers).toEqual([
      { error: expect.objectContaining({ code: 'sendgrid-unavailable' }) },
      { error: expect.objectContaining({ code: 'sendgrid-unavailable' }) },
    ])
  })

  it('is no larger than a call may be', async () => {
    await expect(mailer.sendBatch(batch(people(1_001)), call())).rejects.toThrow(RangeError)
  })
})
