import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createApiKey } from '../../src/db/api-keys.ts'
import { entityPaths } from '../../src/intake/routes/platform/entity-paths.ts'
import { entityBodies } from '../support/entity-bodies.ts'
import { startIntake, type TestIntake } from '../support/intake.ts'

let intake: TestIntake
beforeAll(async () => {
  intake = await startIntake()
})
afterAll(() => intake.close())

const put = async (path: string, body: unknown) => await intake.send('PUT', path, body)

describe.each(entityPaths)('$kind', ({ kind, path }) => {
  const at = (id: string) => path.replace(/\{\w+\}/, id)
  const body = entityBodies[kind]

  test('is told, told again, told anew, and shown as it is kept', async () => {
    const address = at('e1')
    const told = { kind, id: 'e1', version: 1 }
    expect(await intake.send('GET', address)).toMatchObject({ status: 404, json: { type: '/problems/no-such-entity' } })
    expect(await put(address, body)).toMatchObject({ status: 201, json: { ...told, status: 'stored' } })
    expect(await put(address, body)).toMatchObject({ status: 200, json: { ...told, status: 'unchanged' } })
    expect(await put(address, { ...body, version: 3 })).toMatchObject({
      status: 200,
      json: { version: 3, status: 'stored' },
    })
    expect((await put(address, { ...body, version: 2 })).json).toEqual({
      ...told,
      version: 2,
      status: 'outdated',
      known_version: 3,
    })
    const shown = await intake.send('GET', address)
    expect(shown).toMatchObject({ status: 200, json: { ...body, id: 'e1', version: 3 } })
    expect(Date.parse(String(shown.json['synced_at']))).toBeGreaterThan(Date.now() - 60_000)
  })

  test('may be deleted, once and again, and comes back with a newer version', async () => {
    const address = at('e2')
    await put(address, { ...body, version: 5 })
    const remove = async (version: number) => await intake.send('DELETE', `${address}?version=${version}`)
    expect(await remove(4)).toMatchObject({ status: 200, json: { status: 'outdated', version: 4, known_version: 5 } })
    for (const version of [6, 6, 5]) {
      expect((await remove(version)).json).toEqual({ kind, id: 'e2', version, status: 'deleted' })
    }
    expect((await intake.send('GET', address)).status).toBe(404)
    expect((await put(address, { ...body, version: 6 })).json).toMatchObject({ status: 'outdated', known_version: 6 })
    expect(await put(address, { ...body, version: 7 })).toMatchObject({ status: 201, json: { status: 'stored' } })
  })

  test('is refused by its fields', async () => {
    const { version: _, ...rest } = body
    const refused = await put(at('e3'), { ...rest, nobody_knows_this: 1 })
    expect(refused).toMatchObject({ status: 422, json: { type: '/problems/invalid-entity' } })
    expect(refused.json['errors']).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ field: '/version', rule: 'required' }),
        expect.objectContaining({ field: '/nobody_knows_this', rule: 'unknown-field' }),
      ]),
    )
    expect((await intake.send('GET', at('e3'))).status).toBe(404)
  })
})

test('a version with other content is refused, and the first stays', async () => {
  await put('/v1/users/reused', { version: 4, first_name: 'Camille' })
  expect(await put('/v1/users/reused', { version: 4, first_name: 'Inès' })).toMatchObject({
    status: 409,
    json: { type: '/problems/version-reused', known_version: 4 },
  })
  expect((await intake.send('GET', '/v1/users/reused')).json).toMatchObject({ first_name: 'Camille' })
})

test.each([
  ['a stay that ends before it begins', 'bookings', { ...entityBodies.booking, check_out: '2026-12-12' }, '/check_out'],
  ['a day of the year 0', 'bookings', { ...entityBodies.booking, check_in: '0000-01-01' }, '/check_in'],
  [
    'an instant of another age',
    'bookings',
    { ...entityBodies.booking, created_at: '0001-01-01T00:00:00+10:00' },
    '/created_at',
  ],
  [
    'an offset of another planet',
    'users',
    { ...entityBodies.user, created_at: '2026-01-01T00:00:00+23:59' },
    '/created_at',
  ],
  ['a zone that is an offset', 'users', { ...entityBodies.user, zone: '+02:00' }, '/zone'],
  ['a zone of nowhere', 'users', { ...entityBodies.user, zone: 'Mars/Olympus' }, '/zone'],
  ['a token too long to be kept', 'users', { ...entityBodies.user, fcm_tokens: ['x'.repeat(2_049)] }, '/fcm_tokens/0'],
  ['money in fractions', 'payments', { ...entityBodies.payment, amount_minor: 840.5 }, '/amount_minor'],
  ['more paid back than paid', 'payments', { ...entityBodies.payment, refunded_minor: 84_051 }, '/refunded_minor'],
  ['a point beyond the pole', 'places', { ...entityBodies.place, location: { lat: 91, lon: 0 } }, '/location/lat'],
  ['a price of no currency', 'places', { ...entityBodies.place, price_minor: 1 }, '/currency'],
  ['a text Postgres does not take', 'places', { ...entityBodies.place, title: 'a\0b' }, '/title'],
  ['a name given twice', 'users', '{"version":1,"first_name":"A","first_name":"B"}', '/first_name'],
])('%s is refused by its place', async (_what, kind, body, field) => {
  const answer = await put(`/v1/${kind}/refused`, body)
  expect(answer.status).toBe(422)
  expect(answer.json['errors']).toContainEqual(expect.objectContaining({ field }))
})

test.each(['a%20b', 'x'.repeat(65), '%00', 'a%0Ab'])('no entity has the id %s', async id => {
  const refused = { status: 422, json: { errors: [{ field: 'user' }] } }
  expect(await put(`/v1/users/${id}`, entityBodies.user)).toMatchObject(refused)
  expect(await intake.send('DELETE', `/v1/users/${id}?version=1`)).toMatchObject(refused)
  expect(await intake.send('GET', `/v1/users/${id}`)).toMatchObject({ status: 404 })
})

test('ids are the platform’s own, whatever they look like', async () => {
  for (const id of ['42', '6f1e0c0e-8a54-4c0b-9c39-0d6f8c1f2e11', 'user:é/%$', '../x', '🏠']) {
    const path = `/v1/users/${encodeURIComponent(id)}`
    expect(await put(path, entityBodies.user), id).toMatchObject({ status: 201, json: { id } })
    expect((await intake.send('GET', path)).json).toMatchObject({ id })
  }
})

test.each(['', '?version=', '?version=-1', '?version=1.5', '?version=9007199254740993', '?version=1&version=2'])(
  'a deletion without a good version is refused: %j',
  async query => {
    const answer = await intake.send('DELETE', `/v1/users/e1${query}`)
    expect(answer).toMatchObject({ status: 400, json: { errors: [{ field: 'version' }] } })
  },
)

test('what is told is in no log', async () => {
  const secret = 'Zéphyrine-of-nobody-else'
  await put('/v1/users/unlogged', { version: 1, first_name: secret, email: 'nobody-else@example.test' })
  await put('/v1/users/unlogged', { version: 1, first_name: `${secret}-2`, email: 'not an address' })
  expect(intake.logged()).toContain('/v1/users/{user}')
  expect(intake.logged()).not.toMatch(/Zéphyrine|nobody-else|unlogged/)
})

const keyed = async (asked: Partial<Parameters<typeof createApiKey>[1]>) => {
  const { key } = await createApiKey(intake.database.knex, {
    name: 'of the mirror',
    tenant: 'default',
    scopes: [],
    ...asked,
  })
  return { authorization: `Bearer ${key}` }
}

const triedWith = async (method: string, headers: Record<string, string>) => {
  const body = method === 'PUT' ? entityBodies.user : undefined
  const query = method === 'DELETE' ? '?version=0' : ''
  return (await intake.send(method, `/v1/users/scoped${query}`, body, headers)).status
}

describe('callers', () => {
  test('need the scope of what they do', async () => {
    const reader = await keyed({ scopes: ['platform:read'] })
    const writer = await keyed({ scopes: ['platform:write'] })
    await put('/v1/users/scoped', entityBodies.user)
    const methods = ['GET', 'PUT', 'DELETE'] as const
    const tries = async (headers: Record<string, string>) =>
      await Promise.all(methods.map(async method => await triedWith(method, headers)))
    expect(await tries(reader)).toEqual([200, 403, 403])
    expect(await tries(writer)).toEqual([403, 200, 200])
  })

  test('with test keys may look and not touch', async () => {
    const testing = await keyed({ scopes: ['platform:read', 'platform:write'], isTest: true })
    await put('/v1/users/touched', entityBodies.user)
    const refused = { status: 403, json: { type: '/problems/live-only' } }
    for (const [method, path, body] of [
      ['PUT', '/v1/users/touched', entityBodies.user],
      ['DELETE', '/v1/users/touched?version=9', undefined],
      ['PUT', '/v1/users/touched/devices/t', {}],
      ['DELETE', '/v1/users/touched/devices/t', undefined],
    ] as const) {
      expect(await intake.send(method, path, body, testing), `${method} ${path}`).toMatchObject(refused)
    }
    expect(await intake.send('GET', '/v1/users/touched', undefined, testing)).toMatchObject({ status: 200 })
  })
})
