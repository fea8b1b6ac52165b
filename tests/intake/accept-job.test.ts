import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { createApiKey } from '../../src/db/api-keys.ts'
import { startIntake, type TestIntake } from '../support/intake.ts'

const path = '/v1/jobs/notifications.send'
const payload = { user_id: 'u1', template: 'booking-confirmation', booking_id: '42' }

let intake: TestIntake

beforeAll(async () => {
  intake = await startIntake()
})
afterEach(async () => {
  await intake.database.knex.raw('truncate hbnb_jobs.jobs, hbnb_jobs.job_live')
})
afterAll(() => intake.close())

async function refused(answer: { status: number; headers: Headers; json: Record<string, unknown> }, code: string) {
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/)
  expect(answer.json).toMatchObject({ type: `/problems/${code}`, status: answer.status })
  expect(await intake.count('jobs')).toBe(0)
  expect(await intake.count('job_live')).toBe(0)
}

test('an accepted job is in the ledger before it is answered, and is found under its location', async () => {
  const answer = await intake.send('POST', `${path}?entity=booking:42&tag=a&tag=b&priority=2`, payload)
  expect(answer.status).toBe(202)
  expect(answer.json).toEqual({
    id: expect.any(String),
    name: 'notifications.send',
    state: 'waiting',
    durability: 'ledger',
    links: {
      self: `/v1/jobs/${String(answer.json['id'])}`,
      events: `/v1/jobs/${String(answer.json['id'])}/events`,
    },
  })
  expect(
    await intake.database.knex('hbnb_jobs.jobs').select('payload', 'entity', 'tags', 'priority', 'tenant'),
  ).toEqual([{ payload, entity: 'booking:42', tags: ['a', 'b'], priority: 2, tenant: 'default' }])

  const shown = await intake.send('GET', String(answer.headers.get('location')))
  expect(shown.status).toBe(200)
  expect(shown.json).toMatchObject({ id: answer.json['id'], state: 'waiting', entity: 'booking:42', tags: ['a', 'b'] })
})

test('a job for later is scheduled, and expires counted from then', async () => {
  const runAt = new Date(Date.now() + 30 * 86_400_000).toISOString()
  const answer = await intake.send('POST', `${path}?run_at=${runAt}`, payload)
  expect(answer.json).toMatchObject({ state: 'scheduled' })
  const row = await intake.database.knex('hbnb_jobs.jobs').first('run_at', 'expires_at')
  expect(row).toEqual({ run_at: new Date(runAt), expires_at: new Date(Date.parse(runAt) + 172_800_000) })
})

test('an unknown job is 404 and names what may have been meant', async () => {
  const answer = await intake.send('POST', '/v1/jobs/notification.send', payload)
  expect(answer.status).toBe(404)
  expect(answer.json['near']).toContain('notifications.send')
  await refused(answer, 'unknown-job')
})

test('a job that only other jobs make is 403', async () => {
  const answer = await intake.send('POST', '/v1/jobs/email.send', { delivery_id: crypto.randomUUID() })
  expect(answer.status).toBe(403)
  await refused(answer, 'closed-job')
})

test('every faulty field of a payload is named', async () => {
  const answer = await intake.send('POST', path, { user_id: 7, template: 'no-such', 'a/b~c': 1 })
  expect(answer.status).toBe(422)
  expect(answer.json['errors']).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ field: '/user_id', rule: 'invalid-type' }),
      expect.objectContaining({ field: '/template', rule: 'invalid-value' }),
      expect.objectContaining({ field: '/a~1b~0c', rule: 'unknown-field' }),
    ]),
  )
  await refused(answer, 'invalid-payload')
})

test.each([
  ['booking-confirmation', 'booking_id'],
  ['stay-completed-host', 'booking_id'],
  ['payment-refunded', 'payment_id'],
])('a message names what it is about: %s without its %s is refused', async (template, field) => {
  const answer = await intake.send('POST', path, { user_id: 'u1', template })
  expect(answer.status).toBe(422)
  expect(answer.json['errors']).toEqual([expect.objectContaining({ field: `/${field}`, rule: 'required' })])
  await refused(answer, 'invalid-payload')
  expect(await intake.send('POST', path, { user_id: 'u1', template, [field]: '42' })).toMatchObject({ status: 202 })
})

test.each([
  ['a NUL', '"4\\u00002"'],
  ['a lone surrogate', '"\\ud800"'],
])('%s in a text is refused at the door and names the field', async (_, text) => {
  const answer = await intake.send(
    'POST',
    path,
    `{"user_id":"u1","template":"booking-confirmation","booking_id":${text}}`,
  )
  expect(answer.status).toBe(422)
  expect(answer.json['errors']).toEqual([expect.objectContaining({ field: '/booking_id', rule: 'unstorable-text' })])
  await refused(answer, 'invalid-payload')
})

test.each(['', '{', '[1,2', 'null x', '\ufeff', Uint8Array.of(0x22, 0xff, 0x22)])('%j is no JSON: 400', async body => {
  const answer = await intake.send('POST', path, body)
  expect(answer.status).toBe(400)
  await refused(answer, 'bad-json')
})

test.each(['null', '[]', '"text"', '7'])('the payload %s is JSON but no object: 422', async body => {
  const answer = await intake.send('POST', path, body)
  expect(answer.status).toBe(422)
  await refused(answer, 'invalid-payload')
})

test('a body beyond what the job type takes is 413', async () => {
  const answer = await intake.send('POST', path, { ...payload, user_id: 'u'.repeat(1_024) })
  expect(answer.status).toBe(413)
  expect(answer.json['limit_bytes']).toBe(1_024)
  await refused(answer, 'body-too-large')
})

test('deep nesting ends as 422, not in a broken stack', async () => {
  const body = `{"user_id":${'['.repeat(450)}${']'.repeat(450)}}`
  const answer = await intake.send('POST', path, body)
  expect(answer.status).toBe(422)
  expect(answer.json['errors']).toContainEqual(expect.objectContaining({ field: '/user_id', rule: 'too-deep' }))
  await refused(answer, 'invalid-payload')
})

test.each([
  [
    'a name given twice',
    '{"user_id":"u1","user_id":"u2","template":"booking-confirmation","booking_id":"42"}',
    'repeated-field',
  ],
  [
    'a name given twice, once in escapes',
    '{"user_id":"u1","template":"\\u003a","booking_id":"42","user_\\u0069d":"u2"}',
    'repeated-field',
  ],
  [
    'an integer no double holds',
    '{"user_id":9007199254740993,"template":"booking-confirmation","booking_id":"42"}',
    'unsafe-number',
  ],
  [
    'a number beyond all doubles',
    '{"user_id":1e400,"template":"booking-confirmation","booking_id":"42"}',
    'unsafe-number',
  ],
])('%s is refused and named', async (_, body, rule) => {
  const answer = await intake.send('POST', path, body)
  expect(answer.status).toBe(422)
  expect(answer.json['errors']).toContainEqual(expect.objectContaining({ field: '/user_id', rule }))
  await refused(answer, 'invalid-payload')
})

test('a dry run checks everything, writes nothing and uses up no key', async () => {
  const key = { 'idempotency-key': 'dry' }
  const answer = await intake.send('POST', `${path}?dry_run=true&entity=booking:42&tag=a`, payload, key)
  expect(answer).toMatchObject({
    status: 200,
    json: {
      dry_run: true,
      name: 'notifications.send',
      payload,
      options: { entity: 'booking:42', tags: ['a'], priority: 5 },
    },
  })
  expect(await intake.count('jobs')).toBe(0)
  expect(await intake.count('idempotency_keys')).toBe(0)
  const wrong = await intake.send('POST', `${path}?dry_run=true`, { ...payload, user_id: 7 })
  await refused(wrong, 'invalid-payload')
  const nowhere = await intake.send('POST', `${path}?dry_run=true&batch=${crypto.randomUUID()}`, payload)
  await refused(nowhere, 'batch-closed')
  expect(await intake.send('POST', path, payload, key)).toMatchObject({ status: 202 })
})

test('another tenant needs the scope for it', async () => {
  const { key } = await createApiKey(intake.database.knex, { name: 'a', tenant: 'a', scopes: ['jobs:write'] })
  const answer = await intake.send('POST', `${path}?tenant=b`, payload, { authorization: `Bearer ${key}` })
  expect(answer).toMatchObject({ status: 403, json: { scope: 'jobs:any-tenant' } })
  await refused(answer, 'scope-missing')
  expect(await intake.send('POST', `${path}?tenant=b`, payload)).toMatchObject({ status: 202 })
  expect(await intake.database.knex('hbnb_jobs.jobs').pluck('tenant')).toEqual(['b'])
  expect(await intake.send('POST', `${path}?tenant=b:test`, payload)).toMatchObject({
    status: 400,
    json: { errors: [{ field: 'tenant', rule: 'test-tenant' }] },
  })
})

test('a body that is not JSON by its type is 415', async () => {
  const answer = await intake.send('POST', path, 'a=1', { 'content-type': 'application/x-www-form-urlencoded' })
  expect(answer.status).toBe(415)
  await refused(answer, 'unsupported-media-type')
})

test.each([
  ['colour=red', 'colour'],
  ['priority=0', 'priority'],
  ['priority=1&priority=2', 'priority'],
  ['run_at=tomorrow', 'run_at'],
  ['run_at=2026-11-22', 'run_at'],
  ['run_at=9999-01-01T00:00:00Z', 'run_at'],
  ['expires_at=2020-01-01T00:00:00Z', 'expires_at'],
  ['entity=42', 'entity'],
  ['entity=booking:%00', 'entity'],
  ['tag=someone%40example.test', 'tag'],
  [Array.from({ length: 11 }, (_, n) => `tag=t${n}`).join('&'), 'tag'],
  ['__proto__=1', '__proto__'],
])('the query %s is refused and names the option', async (query, option) => {
  const answer = await intake.send('POST', `${path}?${query}`, payload)
  expect(answer.status).toBe(400)
  expect(answer.json['errors']).toEqual([expect.objectContaining({ field: option })])
  await refused(answer, 'invalid-option')
})
