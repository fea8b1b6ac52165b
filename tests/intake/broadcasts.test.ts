import { afterAll, beforeAll, expect, test } from 'vitest'
import { startIntake, type TestIntake } from '../support/intake.ts'

let intake: TestIntake
beforeAll(async () => {
  intake = await startIntake()
})
afterAll(() => intake.close())

const news = { audience: { country: 'FR' }, title: 'L’été', body: 'Venez à la fête\u202f!' }
const ask = (body: unknown, headers?: Record<string, string>) => intake.send('POST', '/v1/broadcasts', body, headers)

test('keeps the broadcast and the job that walks its audience under one id', async () => {
  const { status, headers, json } = await ask({ ...news, audience: { user_ids: ['a', 'b'] }, channels: ['email'] })
  const id = String(json['id'])
  expect([status, headers.get('location')]).toEqual([202, `/v1/broadcasts/${id}`])
  expect((await intake.send('GET', `/v1/jobs/${id}`)).json).toMatchObject({ name: 'notifications.broadcast' })
  const none = { accepted: 0, refused: 0, unknown: 0, open: 0 }
  expect((await intake.send('GET', `/v1/broadcasts/${id}`)).json).toMatchObject({
    title: 'L’été',
    category: 'news',
    channels: ['email'],
    state: 'deciding',
    people: 0,
    results: { email: none, push: none },
  })
})

test('is the same broadcast under the same Idempotency-Key', async () => {
  const headers = { 'idempotency-key': 'summer' }
  const [one, two] = [await ask(news, headers), await ask(news, headers)]
  expect(two.json['id']).toBe(one.json['id'])
  expect((await ask({ ...news, title: 'Autre' }, headers)).status).toBe(422)
})

test('is stopped, and stays so', async () => {
  const id = String((await ask(news)).json['id'])
  for (let time = 1; time <= 2; time += 1) {
    expect((await intake.send('POST', `/v1/broadcasts/${id}/cancel`)).json).toEqual({ id, cancelled: true })
  }
  expect((await intake.send('GET', `/v1/broadcasts/${id}`)).json).toMatchObject({ state: 'cancelled' })
  expect((await intake.send('POST', '/v1/broadcasts/nothing/cancel')).status).toBe(404)
})

test.each([
  ['/audience', { audience: {} }],
  ['/audience', { audience: { everybody: false } }],
  ['/data', { data: { long: 'é'.repeat(3_000) } }],
  ['/channels/0', { channels: ['sms'] }],
])('refuses a faulty %s', async (field, change) => {
  const { status, json } = await ask({ ...news, ...change })
  expect(status).toBe(422)
  expect(json['errors']).toEqual([expect.objectContaining({ field })])
})
