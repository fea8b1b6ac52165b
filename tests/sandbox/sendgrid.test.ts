import { afterAll, describe, expect, it } from 'vitest'
import { startSandbox } from '../../src/sandbox/start-sandbox.ts'
import { asJson } from './as-json.ts'

const sandbox = await startSandbox()
afterAll(() => sandbox.close())
const post = (body: unknown, key?: string) => fetch(`${sandbox.url}/sendgrid/v3/mail/send`, asJson(body, key))

describe('SendGrid on the wire', () => {
  const mail = {
    personalizations: [{ to: [{ email: 'wire@example.test' }] }],
    from: { email: 'bookings@hbnb.test' },
    subject: 'Booking',
    content: [{ type: 'text/plain', value: 'hello' }],
  }

  it('accepts with 202, no body and a message id', async () => {
    const response = await post(mail)
    expect(response.status).toBe(202)
    expect(response.headers.get('x-message-id')).toMatch(/^[\w-]{22}$/)
    expect(await response.text()).toBe('')
  })

  it.each([
    ['no personalizations', { ...mail, personalizations: [] }, 'personalizations'],
    ['no recipient', { ...mail, personalizations: [{ to: [] }] }, 'personalizations.0.to'],
    ['a bad address', { ...mail, personalizations: [{ to: [{ email: 'x' }] }] }, 'personalizations.0.to.0.email'],
    ['no sender', { ...mail, from: undefined }, 'from'],
    ['no subject', { ...mail, subject: undefined }, 'subject'],
    ['no content', { ...mail, content: [] }, 'content'],
    ['neither content nor template', { ...mail, content: undefined }, 'content'],
    ['a template of another form', { ...mail, template_id: 'welcome' }, 'template_id'],
    [
      'an address twice',
      { ...mail, personalizations: [{ to: [{ email: 'a@b.test' }, { email: 'A@b.test' }] }] },
      'personalizations.0',
    ],
  ])('refuses %s with 400, naming the field', async (_name, body, field) => {
    const response = await post(body)
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ errors: [{ field, message: expect.any(String), help: null }] })
  })

  it('refuses what is no JSON, a bad key, and no key', async () => {
    expect((await post('{')).status).toBe(400)
    expect((await post(mail, 'bad-key')).status).toBe(401)
    const keyless = await fetch(`${sandbox.url}/sendgrid/v3/mail/send`, { method: 'POST' })
    expect(keyless.status).toBe(401)
    expect(await keyless.json()).toMatchObject({ errors: [{ message: expect.stringContaining('authorization') }] })
  })
})
