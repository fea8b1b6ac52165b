import { v7 } from 'uuid'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findStay } from '../../src/db/bookings.ts'
import { statementsIn } from '../../src/db/statement.ts'
import { deviceTokensOf } from '../../src/db/users.ts'
import { deleteEntity } from '../../src/mirror/delete-entity.ts'
import { findEntity } from '../../src/mirror/find-entity.ts'
import { tellEntities } from '../../src/mirror/write-entities.ts'
import { booking, payment, place, preferences, startMirror, user } from './mirror-world.ts'

let mirror: Awaited<ReturnType<typeof startMirror>>
beforeAll(async () => {
  mirror = await startMirror()
})
afterAll(async () => await mirror.close())

describe('a deletion is a version', () => {
  test('what is older or as old changes nothing after it, what is newer brings the entity back', async () => {
    const { knex } = mirror
    await mirror.tell(booking('back', 1))
    expect(await deleteEntity(knex, 'booking', 'back', 3)).toEqual({ deleted: 'deleted', knownVersion: 3 })
    expect(await mirror.tell(booking('back', 2))).toEqual(['outdated'])
    expect(await mirror.tell(booking('back', 3))).toEqual(['outdated'])
    expect(await findEntity(knex, 'booking', 'back')).toBeUndefined()
    expect(await mirror.tell(booking('back', 4))).toEqual(['stored'])
    expect(await findEntity(knex, 'booking', 'back')).toMatchObject({ version: 4 })
  })

  test('the version of what is deleted will do, an older one will not', async () => {
    await mirror.tell(payment('own-version', 5))
    const { knex } = mirror
    expect(await deleteEntity(knex, 'payment', 'own-version', 4)).toEqual({ deleted: 'outdated', knownVersion: 5 })
    expect(await findEntity(knex, 'payment', 'own-version')).toBeDefined()
    expect(await deleteEntity(knex, 'payment', 'own-version', 5)).toEqual({ deleted: 'deleted', knownVersion: 5 })
    expect(await findEntity(knex, 'payment', 'own-version')).toBeUndefined()
  })

  test('again it changes nothing, or takes the newer version', async () => {
    await mirror.tell(booking('again', 1))
    const { knex } = mirror
    await deleteEntity(knex, 'booking', 'again', 3)
    for (const version of [3, 2, 5]) {
      const knownVersion = Math.max(3, version)
      expect(await deleteEntity(knex, 'booking', 'again', version)).toEqual({
        deleted: 'already-deleted',
        knownVersion,
      })
    }
    expect(await mirror.tell(booking('again', 4))).toEqual(['outdated'])
  })

  test('it may come before what it deletes', async () => {
    expect(await deleteEntity(mirror.knex, 'booking', 'early', 3)).toEqual({
      deleted: 'already-deleted',
      knownVersion: 3,
    })
    expect(await mirror.tell(booking('early', 2))).toEqual(['outdated'])
  })

  test('a person who comes back has the preferences they left with, once told again', async () => {
    const told = preferences('returning', 3, { notifications: { offers: { email: false } } })
    await mirror.tell(user('returning', 1), told)
    await deleteEntity(mirror.knex, 'user', 'returning', 2)
    expect(await mirror.tell(told)).toEqual(['outdated'])
    expect(await mirror.tell(user('returning', 10), told)).toEqual(['stored', 'stored'])
    expect(await findEntity(mirror.knex, 'preferences', 'returning')).toMatchObject({
      notifications: { offers: { email: false } },
    })
  })

  test('of a place its name stays for who has a stay there, and nothing is shown of it', async () => {
    const { knex } = mirror
    const pin = { address: '1 rue des Pins', location: { lat: 44.6, lon: -1.2 } }
    await mirror.tell(place('left', 1, pin), booking('stay-left', 1, { place_id: 'left' }))
    expect(await deleteEntity(knex, 'place', 'left', 2)).toEqual({ deleted: 'deleted', knownVersion: 2 })
    expect(await findEntity(knex, 'place', 'left')).toBeUndefined()
    expect(await findStay(knex, 'stay-left')).toMatchObject({ place_title: expect.any(String), place_address: null })
    expect(await mirror.row('places', 'left')).toMatchObject({ lat: null, lon: null, listed: false })
    expect(await deleteEntity(knex, 'place', 'left', 2)).toEqual({ deleted: 'already-deleted', knownVersion: 2 })

    expect(await mirror.tell(place('left', 1, pin))).toEqual(['outdated'])
    const back = await knex.transaction(async tx => await tellEntities(statementsIn(tx), [place('left', 3, pin)]))
    expect(back).toEqual([{ written: 'stored', knownVersion: 3, isNew: true }])
    expect(await findEntity(knex, 'place', 'left')).toMatchObject({ ...pin, listed: true })
  })

  test('a booking that comes back may be in any state', async () => {
    await mirror.tell(booking('anew', 1, { status: 'cancelled' }))
    await deleteEntity(mirror.knex, 'booking', 'anew', 2)
    await mirror.tell(booking('anew', 3, { status: 'pending' }))
    expect(await mirror.row('bookings', 'anew')).toMatchObject({ status: 'pending' })
  })
})

const inboxOf = async (id: string) =>
  await mirror
    .knex('hbnb_jobs.webhook_inbox')
    .where({ entity: `user:${id}` })
    .pluck<unknown[]>('body')

async function givenEvent(id: string, body: object): Promise<void> {
  const row = {
    id: v7(),
    source: 'booking',
    event_id: v7(),
    type: 'user.updated',
    scheme: 'standard',
    body_sha256: v7(),
  }
  await mirror.knex('hbnb_jobs.webhook_inbox').insert({ ...row, body: JSON.stringify(body), entity: `user:${id}` })
}

describe('with a person go', () => {
  test('preferences, devices and the data of events, and nothing of others', async () => {
    for (const id of ['gone', 'stays']) {
      await mirror.tell(user(id, 1, { fcm_tokens: [`device-${id}`] }), preferences(id, 1))
      await givenEvent(id, {
        event: 'user.updated',
        user_id: id,
        note: 'Camille',
        data: { version: 1, first_name: 'Camille' },
      })
    }
    await deleteEntity(mirror.knex, 'user', 'gone', 2)
    expect(await findEntity(mirror.knex, 'preferences', 'gone')).toBeUndefined()
    expect(await deviceTokensOf(mirror.knex, 'gone')).toEqual([])
    expect(await inboxOf('gone')).toEqual([{ event: 'user.updated', user_id: 'gone' }])
    expect(await findEntity(mirror.knex, 'preferences', 'stays')).toBeDefined()
    expect(await deviceTokensOf(mirror.knex, 'stays')).toEqual(['device-stays'])
    expect(await inboxOf('stays')).toEqual([expect.objectContaining({ data: { version: 1, first_name: 'Camille' } })])
  })

  test('preferences for good, unless they are told anew', async () => {
    await mirror.tell(user('renewed', 1), preferences('renewed', 4))
    await deleteEntity(mirror.knex, 'user', 'renewed', 2)
    expect(await mirror.tell(preferences('renewed', 4))).toEqual(['outdated'])
    expect(await mirror.tell(preferences('renewed', 5))).toEqual(['stored'])
  })

  test('data of events even when the person was deleted before, or never known', async () => {
    await givenEvent('stranger', { event: 'user.updated', data: { first_name: 'Camille' } })
    await deleteEntity(mirror.knex, 'user', 'stranger', 1)
    await givenEvent('stranger', { event: 'user.updated', data: { first_name: 'Camille' } })
    await deleteEntity(mirror.knex, 'user', 'stranger', 1)
    expect(await inboxOf('stranger')).toEqual([{ event: 'user.updated' }, { event: 'user.updated' }])
  })
})
