import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createApiKey, type NewApiKey, revokeApiKey, rotateApiKey } from '../../src/db/api-keys.ts'
import { isTestTenant } from '../../src/domain/test-tenant.ts'
import { startIntake, type TestIntake } from '../support/intake.ts'

const path = '/v1/jobs/notifications.send'
const payload = { user_id: 'u1', template: 'booking-confirmation', booking_id: '42' }
const hourMs = 3_600_000

let intake: TestIntake

beforeAll(async () => {
  intake = await startIntake()
})
afterAll(() => intake.close())

const make = (asked: Partial<NewApiKey> = {}) =>
  createApiKey(intake.database.knex, { name: 'of a test', tenant: 'a', scopes: ['jobs:write', 'jobs:read'], ...asked })
const bearer = (key: string) => ({ authorization: `Bearer ${key}` })
const self = (key: string) => intake.send('GET', '/v1/keys/self', undefined, bearer(key))

describe('a key', () => {
  test('shows itself, whatever its scopes', async () => {
    const expiresAt = new Date(Date.now() + hourMs)
    const { id, key } = await make({ scopes: ['schedules:read'], expiresAt, requestsPerMinute: 600 })
    const answer = await self(key)
    expect(answer).toMatchObject({ status: 200 })
    expect(answer.json).toEqual({
      id,
      name: 'of a test',
      tenant: 'a',
      scopes: ['schedules:read'],
      test: false,
      expires_at: expiresAt.toISOString(),
      rate_limit: { requests: 600, window_seconds: 60 },
    })
  })

  test('that has expired is refused and says so', async () => {
    const { key } = await make({ expiresAt: new Date(Date.now() - 1) })
    const answer = await self(key)
    expect(answer).toMatchObject({ status: 401, json: { type: '/problems/bad-api-key' } })
    expect(answer.json['detail']).toContain('expired')
  })
})

describe('rotation', () => {
  test('makes a successor that may do the same, and ends the old key after the overlap', async () => {
    const old = await make({ scopes: ['jobs:read'], tenant: 'rotating', requestsPerMinute: 77 })
    const next = await rotateApiKey(intake.database.knex, old.id, hourMs)
    const { id: oldId, ...before } = (await self(old.key)).json
    const { id: nextId, ...after } = (await self(String(next?.key))).json
    expect([oldId, nextId]).toEqual([old.id, next?.id])
    expect(after).toEqual({ ...before, expires_at: null })
    const endsInMs = Date.parse(String(before['expires_at'])) - Date.now()
    expect(endsInMs).toBeGreaterThan(hourMs - 60_000)
    expect(endsInMs).toBeLessThanOrEqual(hourMs)
  })

  test('keeps an earlier end, gives the successor the same length of life, and stays a test key', async () => {
    const old = await make({ expiresAt: new Date(Date.now() + hourMs), isTest: true })
    const next = await rotateApiKey(intake.database.knex, old.id, 2 * hourMs)
    expect(next?.oldEndsAt.getTime()).toBeLessThanOrEqual(Date.now() + hourMs)
    const { json } = await self(String(next?.key))
    expect(next?.key).toMatch(/^hbnb_test_/)
    expect(json).toMatchObject({ test: true })
    expect(Math.abs(Date.parse(String(json['expires_at'])) - Date.now() - hourMs)).toBeLessThan(60_000)
  })

  test('of what has ended makes nothing', async () => {
    const { knex } = intake.database
    const revoked = await make()
    await revokeApiKey(knex, revoked.id)
    const expired = await make({ expiresAt: new Date(Date.now() - 1) })
    for (const { id } of [revoked, expired]) expect(await rotateApiKey(knex, id, 0)).toBeUndefined()
  })

  test('leaves the caller who it was: a repeat under the new key is still a repeat', async () => {
    const old = await make()
    const once = { 'idempotency-key': 'over-a-rotation' }
    const first = await intake.send('POST', path, payload, { ...bearer(old.key), ...once })
    const next = await rotateApiKey(intake.database.knex, old.id, hourMs)
    const last = await rotateApiKey(intake.database.knex, String(next?.id), hourMs)
    const again = await intake.send('POST', path, payload, { ...bearer(String(last?.key)), ...once })
    expect(again.headers.get('idempotent-replayed')).toBe('true')
    expect(again.json).toEqual(first.json)
  })
})

describe('the rate of a key', () => {
  test('is told with every answer, and over it there is 429 until the window ends', async () => {
    const { id, key } = await make({ requestsPerMinute: 2 })
    const first = await self(key)
    expect(first.headers.get('ratelimit-policy')).toBe('"key";q=2;w=60')
    expect(first.headers.get('ratelimit')).toMatch(/^"key";r=1;t=([1-9]|[1-5]\d|60)$/)
    const refusal = await intake.send('POST', path, { wrong: true }, bearer(key))
    expect(refusal).toMatchObject({ status: 422 })
    expect(refusal.headers.get('ratelimit')).toMatch(/^"key";r=0;/)
    const over = await self(key)
    expect(over).toMatchObject({ status: 429, json: { type: '/problems/rate-limited', limit: 2, window_seconds: 60 } })
    expect(over.headers.get('ratelimit')).toMatch(/^"key";r=0;/)
    expect(Number(over.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(Number(over.headers.get('retry-after'))).toBeLessThanOrEqual(60)
    const next = await rotateApiKey(intake.database.knex, id, hourMs)
    expect(await self(String(next?.key)), 'a rotation is no way round it').toMatchObject({ status: 429 })
  })

  test('is nobody else’s', async () => {
    const mine = await make({ requestsPerMinute: 1 })
    const other = await make({ requestsPerMinute: 1 })
    expect((await self(mine.key)).status).toBe(200)
    expect((await self(mine.key)).status).toBe(429)
    expect((await self(other.key)).status).toBe(200)
  })

  test('is not told to strangers', async () => {
    const answer = await self('hbnb_nobody')
    expect(answer.status).toBe(401)
    expect(answer.headers.get('ratelimit')).toBeNull()
  })
})

describe('a test key', () => {
  test('says what it is, and its jobs are in a tenant beside the real one', async () => {
    const live = await make({ tenant: 'shared' })
    const tests = await make({ tenant: 'shared', isTest: true })
    expect(tests.key).toMatch(/^hbnb_test_[A-Za-z0-9_-]{43}$/)
    const { json } = await self(tests.key)
    expect(json['test']).toBe(true)
    expect(isTestTenant(String(json['tenant']))).toBe(true)
    const made = await Promise.all([live, tests].map(({ key }) => intake.send('POST', path, payload, bearer(key))))
    const [real, tried] = made.map(answer => `/v1/jobs/${String(answer.json['id'])}`)
    expect((await intake.send('GET', String(tried), undefined, bearer(tests.key))).status).toBe(200)
    expect((await intake.send('GET', String(real), undefined, bearer(tests.key))).status).toBe(404)
    expect((await intake.send('GET', String(tried), undefined, bearer(live.key))).status).toBe(404)
  })

  test('cannot be given other tenants', async () => {
    await expect(make({ isTest: true, scopes: ['jobs:read', 'jobs:any-tenant'] })).rejects.toThrow('test_keys')
  })

  test('makes nothing where there is no sandbox', async () => {
    const without = await startIntake({ SANDBOX_URL: 'none' })
    try {
      const asked = { name: 't', tenant: 't', scopes: ['jobs:write', 'jobs:read'], isTest: true } as const
      const { key } = await createApiKey(without.database.knex, asked)
      const answer = await without.send('POST', path, payload, bearer(key))
      expect(answer).toMatchObject({ status: 501, json: { type: '/problems/sandbox-absent', variable: 'SANDBOX_URL' } })
      expect(await without.count('jobs')).toBe(0)
      expect((await without.send('GET', '/v1/job-types', undefined, bearer(key))).status).toBe(200)
    } finally {
      await without.close()
    }
  })
})
