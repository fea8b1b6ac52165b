import { afterAll, beforeAll, expect, test } from 'vitest'
import { createApiKey, listApiKeys, revokeApiKey, type Scope } from '../../src/db/api-keys.ts'
import { apiKeyFinder, keyCacheMs } from '../../src/db/find-api-key.ts'
import { startIntake, type TestIntake } from '../support/intake.ts'

const path = '/v1/jobs/notifications.send'
const payload = { user_id: 'u1', template: 'booking-confirmation', booking_id: '42' }

let intake: TestIntake

beforeAll(async () => {
  intake = await startIntake()
})
afterAll(() => intake.close())

const make = (tenant: string, scopes: Scope[]) =>
  createApiKey(intake.database.knex, { name: 'of a test', tenant, scopes })
const post = (authorization: string) => intake.send('POST', path, payload, { authorization })

test.each([
  ['', 'no-api-key', 'Bearer realm="hbnb-jobs"'],
  ['Basic dTpw', 'no-api-key', 'Bearer realm="hbnb-jobs"'],
  ['Bearer', 'no-api-key', 'Bearer realm="hbnb-jobs"'],
  ['Bearer nonsense', 'bad-api-key', 'Bearer realm="hbnb-jobs", error="invalid_token"'],
  [`Bearer hbnb_${'A'.repeat(43)}`, 'bad-api-key', 'Bearer realm="hbnb-jobs", error="invalid_token"'],
])('with "%s" nothing is accepted, and the answer says how to ask', async (authorization, code, challenge) => {
  const answer = await post(authorization)
  expect(answer).toMatchObject({ status: 401, json: { type: `/problems/${code}` } })
  expect(answer.headers.get('www-authenticate')).toBe(challenge)
  expect(await intake.count('jobs')).toBe(0)
})

test('who asks is settled before the body is read', async () => {
  const answer = await intake.send('POST', '/v1/jobs/no.such', '{', { authorization: '' })
  expect(answer).toMatchObject({ status: 401, json: { type: '/problems/no-api-key' } })
})

test('a key without the scope is 403 and the scope is named', async () => {
  const { key } = await make('a', ['jobs:read'])
  const answer = await post(`Bearer ${key}`)
  expect(answer).toMatchObject({ status: 403, json: { type: '/problems/scope-missing', scope: 'jobs:write' } })
  expect(answer.headers.get('www-authenticate')).toContain('scope="jobs:write"')
})

test('a key works for its tenant, whose jobs nobody else sees', async () => {
  const mine = await make('tenant-a', ['jobs:write', 'jobs:read'])
  const other = await make('tenant-b', ['jobs:read'])
  const accepted = await post(`Bearer ${mine.key}`)
  expect(accepted.status).toBe(202)
  const self = `/v1/jobs/${String(accepted.json['id'])}`
  expect(await intake.send('GET', self, undefined, { authorization: `Bearer ${mine.key}` })).toMatchObject({
    status: 200,
  })
  expect(await intake.send('GET', self, undefined, { authorization: `Bearer ${other.key}` })).toMatchObject({
    status: 404,
    json: { type: '/problems/no-such-job' },
  })
})

test('the table has no key, only its hash', async () => {
  const { key } = await make('a', ['jobs:read'])
  const rows = await intake.database.knex('hbnb_jobs.api_keys')
  expect(JSON.stringify(rows)).not.toContain(key)
  expect(JSON.stringify(await listApiKeys(intake.database.knex))).not.toMatch(/sha256|hbnb_[A-Za-z0-9_-]{43}/)
})

test('a revoked key is refused as soon as the cache forgets it', async () => {
  const { id, key } = await make('a', ['jobs:read'])
  let nowMs = 0
  const find = apiKeyFinder(intake.database.run, () => nowMs)
  expect(await find(key)).toMatchObject({ id, tenant: 'a', scopes: ['jobs:read'] })
  expect(await revokeApiKey(intake.database.knex, id)).toBe(true)
  expect(await revokeApiKey(intake.database.knex, id)).toBe(false)
  expect(await find(key)).toMatchObject({ id })
  nowMs = keyCacheMs
  expect(await find(key)).toBeUndefined()
})
