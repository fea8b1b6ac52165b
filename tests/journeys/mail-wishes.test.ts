import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startIntake, type TestIntake } from '../support/intake.ts'
import { until } from '../support/until.ts'
import { startWorld, type World } from '../support/world.ts'

/** What readers and mailboxes say about a mail, and what becomes of the next one. */
let world: World
let intake: TestIntake
beforeAll(async () => {
  world = await startWorld()
  intake = await startIntake({ DATABASE_URL: world.config.database.url })
  await world.control.postEventsTo(`${intake.url}/webhooks/sendgrid`)
})
afterAll(async () => {
  await intake.close()
  await world.close()
})

const words = { title: 'Votre séjour', body: 'Comment était-ce ?' }

/** Tells an address something, and answers what became of it once it is decided and sent. */
async function told(email: string, category: 'booking' | 'review') {
  const asked = { to: { email, locale: 'fr' }, ...words, category, channels: ['email'] }
  const { json } = await intake.send('POST', '/v1/notifications', asked)
  return await until(`${category} to ${email} has ended`, async () => {
    const shown = await intake.send('GET', `/v1/notifications/${String(json['id'])}`)
    return shown.json['state'] === 'undecided' || results(shown.json) === null ? undefined : shown.json
  })
}

function results(shown: Record<string, unknown>): unknown {
  const of = shown['results']
  return typeof of === 'object' && of !== null && 'email' in of ? of.email : null
}

/** Waits until the provider's status of the mail is this. */
async function fared(shown: Record<string, unknown>, status: string): Promise<void> {
  await until(`the mail is ${status}`, async () => {
    const { json } = await intake.send('GET', `/v1/notifications/${String(shown['id'])}`)
    return JSON.stringify(json['deliveries']).includes(`"provider_status":"${status}"`)
  })
}

describe('the next mail', () => {
  it.each([
    ['bounce', 'bounce', 'bounced'],
    ['dropped', 'dropped', 'bounced'],
    ['spam', 'spamreport', 'spam-report'],
  ])('is not sent after one to %s-…', async (fate, status, reason) => {
    const email = `${fate}-journey@example.test`
    await fared(await told(email, 'booking'), status)
    expect(await told(email, 'booking')).toMatchObject({
      results: { email: false },
      deliveries: [{ channel: 'email', reason }],
    })
    expect(await world.control.effects({ recipient: email })).toHaveLength(1)
  })

  it('is sent after one that was refused for once', async () => {
    const email = 'blocked-journey@example.test'
    await fared(await told(email, 'booking'), 'blocked')
    await told(email, 'booking')
    expect(await world.control.effects({ recipient: email })).toHaveLength(2)
  })

  it('of its kind is not sent to who has clicked once, and what is owed is', async () => {
    const email = 'claire-journey@example.test'
    await told(email, 'review')
    const [mail] = await world.control.effects({ recipient: email })
    if (mail?.content.kind !== 'mail') throw new Error('no mail')
    const link = /^<http:\/\/[^/]+(.+)>$/.exec(mail.content.headers['List-Unsubscribe'] ?? '')?.[1] ?? ''
    const clicked = await intake.send('POST', link, 'List-Unsubscribe=One-Click', {
      'content-type': 'application/x-www-form-urlencoded',
    })
    expect(clicked.status).toBe(200)

    expect(await told(email, 'review')).toMatchObject({ deliveries: [{ channel: 'email', reason: 'unsubscribed' }] })
    expect(await told(email, 'booking')).toMatchObject({ results: { email: true } })
    expect(await world.control.effects({ recipient: email })).toHaveLength(2)
  })
})
