import { afterAll, beforeAll, expect, test } from 'vitest'
import { deviceTokensOf } from '../../src/db/users.ts'
import { startMirror, user } from './mirror-world.ts'

let mirror: Awaited<ReturnType<typeof startMirror>>
beforeAll(async () => {
  mirror = await startMirror()
})
afterAll(async () => await mirror.close())

const tokensOf = async (id: string) => await deviceTokensOf(mirror.knex, id)

test('tokens of a person replace those before, oldest first', async () => {
  await mirror.tell(user('owner', 1, { fcm_tokens: ['z', 'a', 'm', 'a'] }))
  expect(await tokensOf('owner')).toEqual(['z', 'm', 'a'])
  await mirror.tell(user('owner', 2, { fcm_tokens: ['m', 'new'] }))
  expect(await tokensOf('owner')).toEqual(['m', 'new'])
})

test('none are none, and no word of them leaves them as they are', async () => {
  await mirror.tell(user('silent', 1, { fcm_tokens: ['silent-1'] }))
  await mirror.tell(user('silent', 2))
  expect(await tokensOf('silent')).toEqual(['silent-1'])
  await mirror.tell(user('silent', 3, { fcm_tokens: [] }))
  expect(await tokensOf('silent')).toEqual([])
})

test('what is not stored brings no devices', async () => {
  await mirror.tell(user('late', 2, { fcm_tokens: ['late-2'] }))
  expect(await mirror.tell(user('late', 1, { fcm_tokens: ['late-1'] }))).toEqual(['outdated'])
  expect(await tokensOf('late')).toEqual(['late-2'])
})

test('a token belongs to the last person that named it', async () => {
  await mirror.tell(user('before', 1, { fcm_tokens: ['shared', 'own'] }))
  await mirror.tell(user('after', 1, { fcm_tokens: ['shared'] }))
  expect(await tokensOf('before')).toEqual(['own'])
  expect(await tokensOf('after')).toEqual(['shared'])
  await mirror.tell(user('y', 1, { fcm_tokens: ['family'] }), user('x', 1, { fcm_tokens: ['family'] }))
  expect([await tokensOf('x'), await tokensOf('y')]).toEqual([['family'], []])
  const family = { fcm_tokens: ['family'] }
  await mirror.tell(user('y', 2, family), user('x', 2, family), user('y', 3, family))
  expect([await tokensOf('x'), await tokensOf('y')]).toEqual([[], ['family']])
})

test('what is known of a device stays with its person, and not with the next', async () => {
  await mirror.tell(user('phone', 1, { fcm_tokens: ['android'] }))
  await mirror.knex('platform.devices').where({ token: 'android' }).update({ platform: 'android' })
  const platform = async () => await mirror.knex('platform.devices').where({ token: 'android' }).first('platform')
  await mirror.tell(user('phone', 2, { fcm_tokens: ['android'] }))
  expect(await platform()).toEqual({ platform: 'android' })
  await mirror.tell(user('sold', 1, { fcm_tokens: ['android'] }))
  expect(await platform()).toEqual({ platform: null })
})
