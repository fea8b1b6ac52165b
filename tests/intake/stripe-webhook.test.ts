import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { startIntake, type TestIntake } from '../support/intake.ts'
import { stripeHeaders } from '../support/sign-callback.ts'

const path = '/webhooks/stripe'
const [newSecret, oldSecret] = ['whsec_new_of_the_endpoint', 'whsec_old_of_the_endpoint']

let intake: TestIntake

beforeAll(async () => {
  intake = await startIntake({ STRIPE_WEBHOOK_SECRET: `${newSecret},${oldSecret}` })
})
afterEach(async () => {
  await intake.database.knex.raw('truncate hbnb_jobs.webhook_inbox')
})
afterAll(() => intake.close())

const event = {
  id: 'evt_3QabcDEF',
  object: 'event',
  api_version: '2026-10-29.clover',
  created: 1_763_800_000,
  livemode: true,
  pending_webhooks: 2,
  request: { id: 'req_1', idempotency_key: 'k' },
  type: 'payment_intent.succeeded',
  data: {
    object: {
      id: 'pi_3QabcDEF',
      object: 'payment_intent',
      amount: 45_000,
      receipt_email: 'camille@example.test',
      shipping: { name: 'Camille Martin' },
    },
  },
}
const post = (body: object, headers?: Record<string, string>) => {
  const text = JSON.stringify(body)
  return intake.send('POST', path, text, headers ?? stripeHeaders(text, newSecret))
}

test('a signed event is kept thin and ignored with the reason, without a trace of a person', async () => {
  expect(await post(event)).toMatchObject({ status: 200, json: { status: 'ignored', event_id: event.id } })
  const rows = await intake.database.knex('hbnb_jobs.webhook_inbox')
  expect(rows).toMatchObject([
    {
      source: 'stripe',
      scheme: 'stripe',
      event_id: event.id,
      type: event.type,
      job_id: null,
      handled: 'ignored',
      handled_reason: 'payments are not served yet',
      body: {
        id: event.id,
        type: event.type,
        created: event.created,
        api_version: event.api_version,
        livemode: true,
        data: { object: { id: 'pi_3QabcDEF', object: 'payment_intent' } },
      },
    },
  ])
  expect(JSON.stringify(rows)).not.toMatch(/camille|45000|req_1/i)
  expect(intake.logged()).not.toMatch(/camille/i)
})

test('an event that comes again, to one more endpoint or later, is stored once', async () => {
  await post(event)
  const text = JSON.stringify({ ...event, pending_webhooks: 1 })
  const again = await intake.send('POST', path, text, stripeHeaders(text, oldSecret))
  expect(again).toMatchObject({ status: 200, json: { status: 'duplicate', event_id: event.id } })
  const other = await post({ ...event, data: { object: { id: 'pi_other', object: 'payment_intent' } } })
  expect(other).toMatchObject({ status: 422, json: { type: '/problems/event-id-reused' } })
  expect(await intake.count('webhook_inbox')).toBe(1)
})

test.each(['SUMMER-25', '25 % off, Camille!', undefined])(
  'an object whose id is %j is no reason to refuse',
  async id => {
    const body = { ...event, type: 'coupon.created', data: { object: { id, object: 'coupon' } } }
    expect(await post(body)).toMatchObject({ status: 200, json: { status: 'ignored', event_id: event.id } })
    const bodies = await intake.database.knex('hbnb_jobs.webhook_inbox').pluck('body')
    expect(bodies).toMatchObject([{ type: 'coupon.created', data: { object: { object: 'coupon' } } }])
    expect(JSON.stringify(bodies)).not.toMatch(/SUMMER|Camille/)
  },
)

test.each([
  ['no signature', () => ({})],
  ['a forged one', (text: string) => stripeHeaders(text, 'whsec_of_somebody_else')],
  ['one of another body', () => stripeHeaders('{}', newSecret)],
])('with %s nothing is read or stored', async (_, headers) => {
  for (const text of [JSON.stringify(event), '{not json']) {
    expect(await intake.send('POST', path, text, headers(text))).toMatchObject({
      status: 401,
      json: { type: '/problems/invalid-signature' },
    })
  }
  expect(await intake.count('webhook_inbox')).toBe(0)
})

test.each([
  ['no id', { ...event, id: undefined }, '/id'],
  ['an address for an id', { ...event, id: 'camille@example.test' }, '/id'],
  ['no object', { ...event, data: {} }, '/data/object'],
])('the signed event with %s is 422 and names the field', async (_, body, field) => {
  const answer = await post(body)
  expect(answer).toMatchObject({ status: 422, json: { type: '/problems/invalid-event' } })
  expect(answer.json['errors']).toContainEqual(expect.objectContaining({ field }))
  expect(answer.text).not.toContain('camille')
})
