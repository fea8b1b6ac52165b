import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { createApiKey } from '../../src/db/api-keys.ts'
import { startIntake, type TestIntake } from '../support/intake.ts'

const payload = { user_id: 'u1', template: 'booking-confirmation', booking_id: '42' }
const good = { name: 'notifications.send', payload }

let intake: TestIntake

beforeAll(async () => {
  intake = await startIntake()
})
afterEach(async () => {
  await intake.database.knex.raw('truncate hbnb_jobs.jobs, hbnb_jobs.job_live, hbnb_jobs.idempotency_keys')
})
afterAll(() => intake.close())

const post = (items: unknown, query = '', headers: Record<string, string> = {}) =>
  intake.send('POST', `/v1/jobs${query}`, items, headers)

const outcomes = (json: Record<string, unknown>) => json['items']

/** The ids of all items, in order. */
const ids = (json: Record<string, unknown>) => JSON.stringify(json['items']).match(/[0-9a-f-]{36}/g)

/** An item refused with faults in these fields. */
const refused = (index: number, code: string, ...fields: string[]) => ({
  index,
  status: 'refused',
  problem: expect.objectContaining({
    type: `/problems/${code}`,
    ...(fields.length > 0 ? { errors: fields.map(field => expect.objectContaining({ field })) } : {}),
  }),
})

/** An item refused with this fault among others. */
const fault = (code: string, field: string, rule: string) =>
  expect.objectContaining({
    problem: expect.objectContaining({
      type: `/problems/${code}`,
      errors: expect.arrayContaining([expect.objectContaining({ field, rule })]),
    }),
  })

test('each item is accepted with its own options', async () => {
  const runAt = new Date(Date.now() + 86_400_000).toISOString()
  const answer = await post([
    good,
    { ...good, entity: 'booking:42', tags: ['a', 'a', 'b'], priority: 2, run_at: runAt, tenant: 'b' },
  ])
  expect(answer).toMatchObject({ status: 200, json: { accepted: 2, replayed: 0, refused: 0 } })
  const rows = await intake.database.knex('hbnb_jobs.jobs').orderBy('priority')
  expect(rows).toMatchObject([
    { entity: 'booking:42', tags: ['a', 'b'], priority: 2, tenant: 'b', run_at: new Date(runAt) },
    { entity: null, tags: [], priority: 5, tenant: 'default' },
  ])
})

test('what is wrong with one item is told of that, and the others are accepted', async () => {
  const answer = await post([
    { name: 'no.such', payload: {} },
    { name: 'email.send', payload: {} },
    { name: 'notifications.send', payload: { ...payload, user_id: 7 } },
    { ...good, colour: 'red', priority: 10 },
    7,
    { ...good, run_at: 'tomorrow' },
    { name: 'notifications.send', payload: { ...payload, user_id: 'u'.repeat(1_100) } },
    good,
  ])
  expect(answer).toMatchObject({ status: 200, json: { accepted: 1, refused: 7 } })
  expect(outcomes(answer.json)).toEqual([
    refused(0, 'unknown-job'),
    refused(1, 'closed-job'),
    refused(2, 'invalid-payload', '/user_id'),
    refused(3, 'invalid-option', 'priority', 'colour'),
    refused(4, 'invalid-option', ''),
    refused(5, 'invalid-option', 'run_at'),
    refused(6, 'body-too-large'),
    { index: 7, status: 'accepted', id: expect.any(String) },
  ])
  expect(await intake.count('jobs')).toBe(1)
})

test('a name given twice or a number no double holds spoils its own item only', async () => {
  const twice = JSON.stringify(good).replace('"user_id":"u1"', '"user_id":"u1","user_id":"u2"')
  const number = JSON.stringify(good).replace('"u1"', '9007199254740993')
  const outside = JSON.stringify(good).replace('{', '{"priority":1,"priority":2,')
  const answer = await post(`[${twice},${JSON.stringify(good)},${number},${outside}]`)
  expect(outcomes(answer.json)).toEqual([
    fault('invalid-payload', '/user_id', 'repeated-field'),
    expect.objectContaining({ status: 'accepted' }),
    fault('invalid-payload', '/user_id', 'unsafe-number'),
    fault('invalid-option', '/priority', 'repeated-field'),
  ])
})

test('however many faults some items have, those of the others are found', async () => {
  const spoilt = JSON.stringify(good).replace('"u1"', '[1e400,"\\u0000"]')
  const twice = JSON.stringify(good).replace('"user_id":"u1"', '"user_id":"u2","user_id":"u1"')
  const deep = JSON.stringify(good).replace('"u1"', '['.repeat(100) + ']'.repeat(100))
  const items = [...Array<string>(30).fill(spoilt), deep, ...Array<string>(30).fill(twice), JSON.stringify(good)]
  const { json } = await post(`[${items.join()}]`)
  expect(json).toMatchObject({ accepted: 1, refused: 61 })
  const rules = JSON.stringify(json['items']).match(/unsafe-number|unstorable-text|too-deep|repeated-field/g) ?? []
  expect(Object.entries(Object.groupBy(rules, rule => rule)).map(([rule, all]) => [rule, all?.length])).toEqual([
    ['unsafe-number', 30],
    ['unstorable-text', 30],
    ['too-deep', 1],
    ['repeated-field', 30],
  ])
})

test('a text of millions of escapes is read like any other', async () => {
  const { status, json } = await post(`[{"name":"no.such","name":"no.such","payload":"${'\\n'.repeat(4_500_000)}"}]`)
  expect({ status, json }).toMatchObject({ status: 200, json: { refused: 1 } })
})

test('with keys the whole may be sent again: the same ids, nothing twice', async () => {
  const items = Array.from({ length: 600 }, (_, n) => ({ ...good, key: `k${n}` }))
  const first = await post(items)
  expect(first.json).toMatchObject({ accepted: 600 })
  const again = await post(items.toReversed())
  expect(again.json).toMatchObject({ accepted: 0, replayed: 600, refused: 0 })
  expect(ids(again.json)?.toReversed()).toEqual(ids(first.json))
  expect(await intake.count('jobs')).toBe(600)
  expect(await intake.count('job_live')).toBe(600)
})

test('a key twice in one array is one job; for another job it is refused', async () => {
  const other = { ...good, payload: { ...payload, booking_id: '43' }, key: 'k' }
  const { json } = await post([{ ...good, key: 'k' }, { ...good, key: 'k' }, other])
  expect(json).toMatchObject({
    accepted: 1,
    replayed: 1,
    refused: 1,
    items: [{ status: 'accepted' }, { status: 'replayed' }, { problem: { type: '/problems/idempotency-key-reused' } }],
  })
  expect(await intake.count('jobs')).toBe(1)
})

test('a job sent alone and among others under one key is the same request', async () => {
  const runAt = new Date(Date.now() + 86_400_000).toISOString()
  const alone = await intake.send(
    'POST',
    `/v1/jobs/notifications.send?priority=2&tag=a&tag=b&run_at=${runAt}`,
    payload,
    { 'idempotency-key': 'both' },
  )
  const { json } = await post([{ ...good, key: 'both', run_at: runAt, tags: ['a', 'b'], priority: 2 }])
  expect(json).toMatchObject({ replayed: 1, items: [{ id: alone.json['id'] }] })
})

test.each([
  ['no array', {}],
  ['an empty array', []],
  ['more than a thousand', Array.from({ length: 1_001 }, () => good)],
])('%s is refused as a whole', async (_, items) => {
  expect(await post(items)).toMatchObject({ status: 422, json: { type: '/problems/invalid-payload' } })
  expect(await intake.count('jobs')).toBe(0)
})

test('an option of the request stands where an item says nothing; unknown ones are refused', async () => {
  await post([good, { ...good, tenant: 'c' }], '?tenant=b')
  expect(await intake.database.knex('hbnb_jobs.jobs').orderBy('tenant').pluck('tenant')).toEqual(['b', 'c'])
  expect(await post([good], '?priority=1')).toMatchObject({ status: 400, json: { type: '/problems/invalid-option' } })
  const { key } = await createApiKey(intake.database.knex, { name: 'a', tenant: 'a', scopes: ['jobs:write'] })
  const authorization = `Bearer ${key}`
  expect(await post([good], '?tenant=b', { authorization })).toMatchObject({ status: 403 })
  expect((await post([{ ...good, tenant: 'b' }, good], '', { authorization })).json).toMatchObject({
    accepted: 1,
    items: [{ problem: { type: '/problems/scope-missing' } }, { status: 'accepted' }],
  })
})

test('the header Idempotency-Key is refused rather than ignored', async () => {
  expect(await post([good], '', { 'idempotency-key': 'k' })).toMatchObject({
    status: 400,
    json: { type: '/problems/invalid-idempotency-key' },
  })
})

test('10 MiB are the limit of a request', async () => {
  const answer = await post(`[${' '.repeat(10_485_760)}]`)
  expect(answer).toMatchObject({ status: 413, json: { limit_bytes: 10_485_760 } })
})
