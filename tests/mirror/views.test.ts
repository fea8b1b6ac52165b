import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findStay } from '../../src/db/bookings.ts'
import { findUser } from '../../src/db/users.ts'
import { deleteEntity } from '../../src/mirror/delete-entity.ts'
import { forgetDevices, putDevice } from '../../src/mirror/devices.ts'
import { MirrorIsView } from '../../src/mirror/expect-tables.ts'
import { findEntity } from '../../src/mirror/find-entity.ts'
import { keptAs } from '../../src/mirror/kept-as.ts'
import { blocksOf } from '../docs/page.ts'
import { amenity, booking, startMirror, user } from './mirror-world.ts'

// The page's own SQL, on an app's tables beside ours.

let mirror: Awaited<ReturnType<typeof startMirror>>
let columnsBefore: unknown

async function runBlock(word: string): Promise<void> {
  const block = (await blocksOf('mirror.md')).find(({ words }) => words.includes(word))
  await mirror.knex.raw(block?.text ?? 'no such block')
}

async function columns(): Promise<unknown> {
  const { rows } = await mirror.knex.raw<{ rows: unknown }>(
    `select table_name, column_name, data_type, udt_name from information_schema.columns
     where table_schema = 'platform' and table_name in ('users', 'places', 'bookings') order by 1, 2`,
  )
  return rows
}

beforeAll(async () => {
  mirror = await startMirror()
  columnsBefore = await columns()
  await runBlock('app')
  await runBlock('views')
  await mirror.knex.raw(
    `insert into app.users values (7, 'Camille', null, 'camille@example.test', '+33612345678', 'FR', 'fr');
     insert into app.places values (3, 8, 'Cabane dans les pins', 'Arcachon', 'FR', 120.07);
     insert into app.bookings values (42, 3, 7, 'confirmed', '2026-12-12', '2026-12-19', 2, 840.50)`,
  )
})
afterAll(async () => await mirror.close())

test('the views have the columns of the tables, by name and type', async () => {
  expect(await columns()).toEqual(columnsBefore)
})

test('what jobs read is the app’s own, as it is now', async () => {
  expect(await findUser(mirror.knex, '7')).toMatchObject({ first_name: 'Camille', locale: 'fr' })
  const stay = { guest_id: '7', status: 'confirmed', total_minor: 84_050, place_title: 'Cabane dans les pins' }
  expect(await findStay(mirror.knex, '42')).toMatchObject(stay)
  expect(await findEntity(mirror.knex, 'place', '3')).toMatchObject({
    id: '3',
    price_minor: 12_007,
    check_in_time: '15:00',
  })
  await mirror.knex('app.users').where({ id: 7 }).update({ first_name: 'Inès' })
  expect(await findUser(mirror.knex, '7')).toMatchObject({ first_name: 'Inès' })
})

describe('nothing is written through a view', () => {
  test.each(['user', 'place', 'booking'] as const)('of a %s', async kind => {
    await expect(deleteEntity(mirror.knex, kind, '7', Number.MAX_SAFE_INTEGER)).rejects.toThrow(MirrorIsView)
    expect(await mirror.knex(keptAs[kind].table).count()).toEqual([{ count: '1' }])
  })

  test('nor anything that is told with it', async () => {
    await expect(mirror.tell(amenity('wifi', 1), user('7', 9))).rejects.toThrow('platform.users is a view')
    await expect(mirror.tell(booking('42', 9))).rejects.toThrow('platform.bookings is a view')
    expect(await mirror.row('amenities', 'wifi')).toBeUndefined()
    expect(await mirror.knex('platform.versions').count()).toEqual([{ count: '0' }])
  })

  test('and what is a table still is kept', async () => {
    expect(await mirror.tell(amenity('wifi', 1))).toEqual(['stored'])
  })
})

test('devices belong to users of the app', async () => {
  const { run } = mirror
  expect(await putDevice(run, { token: 't', userId: '7', platform: 'ios' })).toEqual({ platform: 'ios', isNew: true })
  expect(await putDevice(run, { token: 't', userId: 'nobody', platform: null })).toBeUndefined()
})

test('devices of the app are for it to forget', async () => {
  const { knex } = mirror
  await knex.raw(`alter table platform.devices rename to devices_told;
    create view platform.devices as select * from platform.devices_told`)
  await expect(forgetDevices(knex, ['t'])).rejects.toThrow('platform.devices is a view')
  expect(await knex('platform.devices').pluck('token')).toEqual(['t'])
  await knex.raw('drop view platform.devices; alter table platform.devices_told rename to devices')
  await forgetDevices(knex, ['t', 'never-known'])
  expect(await knex('platform.devices').pluck('token')).toEqual([])
})

test('the tables come back as they were', async () => {
  await runBlock('back')
  expect(await columns()).toEqual(columnsBefore)
  expect(await mirror.tell(user('7', 1))).toEqual(['stored'])
})
