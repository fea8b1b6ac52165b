import { afterAll, beforeAll, expect, test } from 'vitest'
import { deviceTokensOf } from '../../src/db/users.ts'
import { entityBodies } from '../support/entity-bodies.ts'
import { startIntake, type TestIntake } from '../support/intake.ts'

let intake: TestIntake
beforeAll(async () => {
  intake = await startIntake()
  for (const user of ['one', 'two', 'many']) await intake.send('PUT', `/v1/users/${user}`, entityBodies.user)
})
afterAll(() => intake.close())

const path = (user: string, token: string) => `/v1/users/${user}/devices/${encodeURIComponent(token)}`
const tokensOf = async (user: string) => await deviceTokensOf(intake.database.knex, user)

test('a device is told, listed and taken away', async () => {
  const token = 'eXaMpLe:APA91b-_/+=.~'
  const told = { user_id: 'one', token, platform: 'ios' }
  expect(await intake.send('PUT', path('one', token), { platform: 'ios' })).toMatchObject({ status: 201, json: told })
  // Who says nothing of the platform does not unsay it.
  expect(await intake.send('PUT', path('one', token), {})).toMatchObject({ status: 200, json: told })
  const { json } = await intake.send('GET', '/v1/users/one/devices')
  expect(json).toEqual({ devices: [{ token, platform: 'ios', last_seen_at: expect.stringMatching(/Z$/) }] })
  expect((await intake.send('DELETE', path('one', token))).json).toEqual({ status: 'deleted' })
  expect((await intake.send('DELETE', path('one', token))).json).toEqual({ status: 'absent' })
  expect((await intake.send('GET', '/v1/users/one/devices')).json).toEqual({ devices: [] })
})

test('it belongs to the last user that named it, and only that one may take it away', async () => {
  await intake.send('PUT', path('one', 'shared'), { platform: 'android' })
  expect(await intake.send('PUT', path('two', 'shared'), {})).toMatchObject({
    status: 200,
    json: { user_id: 'two', platform: null },
  })
  expect([await tokensOf('one'), await tokensOf('two')]).toEqual([[], ['shared']])
  expect((await intake.send('DELETE', path('one', 'shared'))).json).toEqual({ status: 'absent' })
  expect(await tokensOf('two')).toEqual(['shared'])
})

test('the last that was seen is the newest', async () => {
  for (const token of ['a', 'b', 'a']) await intake.send('PUT', path('two', token), {})
  expect(await tokensOf('two')).toEqual(['shared', 'b', 'a'])
})

test('a device that is told again was seen today', async () => {
  const { knex } = intake.database
  await intake.send('PUT', path('one', 'old'), {})
  await knex('platform.devices').where({ token: 'old' }).update({ last_seen_at: '2020-01-01' })
  await intake.send('PUT', path('one', 'old'), {})
  const { rows } = await knex.raw(
    `select last_seen_at > now() - interval '1 minute' as fresh from platform.devices where token = 'old'`,
  )
  expect(rows).toEqual([{ fresh: true }])
})

test('of more than a hundred the oldest are forgotten', async () => {
  const fcm_tokens = Array.from({ length: 100 }, (_, index) => `told-${index}`)
  await intake.send('PUT', '/v1/users/many', { ...entityBodies.user, version: 2, fcm_tokens })
  await intake.send('PUT', path('many', 'one-more'), {})
  expect(await tokensOf('many')).toEqual([...fcm_tokens.slice(1), 'one-more'])
})

test('a user who is not known has none', async () => {
  const unknown = { status: 404, json: { type: '/problems/user-not-found' } }
  expect(await intake.send('PUT', path('nobody', 't'), {})).toMatchObject(unknown)
  expect(await intake.send('GET', '/v1/users/nobody/devices')).toMatchObject(unknown)
  expect((await intake.send('DELETE', path('nobody', 't'))).json).toEqual({ status: 'absent' })
})

test.each([
  ['a token with a blank', path('one', 'a b'), {}, 'token'],
  ['a token too long', path('one', 'x'.repeat(2_049)), {}, 'token'],
  ['a platform of its own', path('one', 'x'), { platform: 'palm' }, '/platform'],
  ['another field', path('one', 'x'), { user: 'two' }, '/user'],
])('%s is refused by its place', async (_what, address, body, field) => {
  const answer = await intake.send('PUT', address, body)
  expect(answer).toMatchObject({ status: 422, json: { type: '/problems/invalid-entity', errors: [{ field }] } })
})

test('tokens are in no log', async () => {
  await intake.send('PUT', path('one', 'unlogged-token'), {})
  expect(intake.logged()).toContain('/v1/users/{user}/devices/{token}')
  expect(intake.logged()).not.toContain('unlogged-token')
})
