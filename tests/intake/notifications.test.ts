import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { guestOf, stayOf } from '../journeys/guide/stay.ts'
import { startIntake, type TestIntake } from '../support/intake.ts'

let intake: TestIntake

const reader = stayOf(1).guest
const own = { to: { user_id: reader }, title: 'Votre clé', body: 'Elle est sous le pot de fleurs.' }

beforeAll(async () => {
  intake = await startIntake()
  await intake.send('PUT', `/v1/users/${reader}`, guestOf(stayOf(1)))
})
afterAll(() => intake.close())

const ask = (body: unknown, headers?: Record<string, string>) => intake.send('POST', '/v1/notifications', body, headers)
const faults = async (body: unknown) => {
  const { status, json } = await ask(body)
  return { status, errors: json['errors'] }
}

const fault = (field: string, message: unknown) => ({
  status: 422,
  errors: [expect.objectContaining({ field, message })],
})

test('keeps the notification and the job that decides it under one id', async () => {
  const { status, headers, json } = await ask({ ...own, data: { thread: '7' }, channels: ['sms', 'push'] })
  expect(status).toBe(202)
  const id = String(json['id'])
  expect(json).toEqual({ id, job_id: id, links: { self: `/v1/notifications/${id}`, job: `/v1/jobs/${id}` } })
  expect(headers.get('location')).toBe(`/v1/notifications/${id}`)
  expect((await intake.send('GET', `/v1/jobs/${id}`)).json).toMatchObject({
    name: 'notifications.decide',
    state: 'waiting',
    entity: `user:${reader}`,
  })
  expect((await intake.send('GET', `/v1/notifications/${id}`)).json).toEqual({
    id,
    to: { user_id: reader },
    category: 'account',
    template: null,
    title: 'Votre clé',
    entity: `user:${reader}`,
    created_at: expect.any(String),
    expires_at: null,
    read_at: null,
    state: 'undecided',
    reason: null,
    results: { push: null, email: null, sms: null },
    deliveries: [],
  })
  expect((await intake.send('GET', '/v1/notifications/nothing')).status).toBe(404)
})

describe('the same again', () => {
  test('under an Idempotency-Key is answered as before', async () => {
    const headers = { 'idempotency-key': 'once' }
    const first = await ask(own, headers)
    const again = await ask(own, headers)
    expect(again).toMatchObject({ status: 202, json: first.json })
    expect(again.headers.get('idempotent-replayed')).toBe('true')
    expect((await ask({ ...own, title: 'Autre' }, headers)).status).toBe(422)
  })

  test('under a dedupe key is one notification for its reader, however many ask at once', async () => {
    const before = await intake.count('jobs')
    const asked = await Promise.all(Array.from({ length: 8 }, () => ask({ ...own, dedupe_key: 'key 7' })))
    expect(new Set(asked.map(({ json }) => json['id'])).size).toBe(1)
    expect(asked.filter(({ status }) => status === 202)).toHaveLength(1)
    expect(asked.filter(({ json }) => json['deduplicated'] === true)).toHaveLength(7)
    expect(await intake.count('jobs')).toBe(before + 1)
    const another = await ask({ ...own, to: { email: 'another@example.test' }, dedupe_key: 'key 7' })
    expect(another.status).toBe(202)
  })
})

describe('is refused', () => {
  const to = { user_id: reader }

  test('to nobody we know', async () => {
    const { status, json } = await ask({ ...own, to: { user_id: 'nobody' } })
    expect([status, json['type']]).toEqual([404, '/problems/user-not-found'])
  })

  test.each([
    ['without anybody to tell', { title: 'a', body: 'b' }, '/to', 'this field is required'],
    ['to two at once', { ...own, to: { user_id: reader, email: 'a@example.test' } }, '/to', /must be \{user_id\}/],
    ['to what is no number', { ...own, to: { phone: '06', country: 'FR' } }, '/to/phone', 'is no phone number'],
    ['without a word', { to, title: 'a' }, '/body', 'this field is required'],
    ['of a stay that is not named', { to, template: 'booking-confirmation' }, '/booking_id', 'this field is required'],
    ['of a payment that is not named', { to, template: 'payment-failed' }, '/payment_id', 'this field is required'],
    ['of a template in other words', { to, template: 'welcome', title: 'Hé' }, '/title', 'is that of welcome'],
    ['of a template to an address', { to: { email: 'a@example.test' }, template: 'welcome' }, '/to', /must be a user/],
    ['on no channel', { ...own, channels: [] }, '/channels', expect.any(String)],
    ['with a name of FCM', { ...own, data: { 'google.c': 'x' } }, '/data/google.c', expect.any(String)],
    ['with data that is no text', { ...own, data: { n: 1 } }, '/data/n', expect.any(String)],
    ['when it is over', { ...own, expires_at: '2020-01-01T00:00:00Z' }, '/expires_at', 'must lie in the future'],
    ['with a field of ours', { ...own, user_id: reader }, '/user_id', 'this field is not known'],
  ])('%s', async (_, body, field, message) => {
    const wanted = message instanceof RegExp ? expect.stringMatching(message) : message
    expect(await faults(body)).toEqual(fault(field, wanted))
  })

  test('when a push could not carry it, with its size', async () => {
    const data = { text: 'é'.repeat(2_100) }
    const message = expect.stringMatching(/^makes a push of 4\d\d\d bytes; 4096 is the limit/)
    expect(await faults({ ...own, data })).toEqual(fault('/data', message))
    expect((await ask({ ...own, data, channels: ['email'] })).status).toBe(202)
  })
})
