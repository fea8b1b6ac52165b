import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { putDevice } from '../../../src/mirror/devices.ts'
import { startWorld, type World } from '../../support/world.ts'

const dayMs = 86_400_000
const at = '2026-11-22T03:20:00.000Z'
const daysBefore = (days: number) => new Date(Date.parse(at) - days * dayMs)

let world: World
beforeAll(async () => {
  world = await startWorld()
  await world.database
    .knex('platform.users')
    .insert({ id: 'u1', first_name: 'Camille', last_name: 'Durand', version: 1 })
})
afterAll(() => world.close())
beforeEach(async () => {
  await world.database.knex('platform.devices').delete()
})

async function pruned() {
  return await world.ended(await world.accept(world.contract('push.prune-tokens'), { at }))
}
const prune = async () => (await pruned()).result

const given = async (devices: readonly { token: string; last_seen_at: Date }[]) =>
  await world.database.knex.batchInsert(
    'platform.devices',
    devices.map(device => ({ user_id: 'u1', ...device })),
  )
const tokens = async () => await world.database.knex('platform.devices').orderBy('token').pluck('token')

it('forgets the devices that were not seen for 270 days, and no other', async () => {
  await given([
    { token: 'unseen', last_seen_at: new Date(daysBefore(270).getTime() - 1) },
    { token: 'just-seen', last_seen_at: daysBefore(270) },
    { token: 'seen', last_seen_at: daysBefore(1) },
  ])
  expect(await prune()).toEqual({ looked: 3, removed: 1 })
  expect(await tokens()).toEqual(['just-seen', 'seen'])
  expect(await prune()).toEqual({ looked: 2, removed: 0 })
})

it('keeps a device whose app has told of it again', async () => {
  await given([{ token: 'back', last_seen_at: daysBefore(400) }])
  await putDevice(world.database.run, { token: 'back', userId: 'u1', platform: 'ios' })
  expect(await prune()).toEqual({ looked: 1, removed: 0 })
  expect(await tokens()).toEqual(['back'])
})

it('walks through all of them, page by page', async () => {
  await given(
    Array.from({ length: 12_000 }, (_, index) => ({
      token: `device-${index}`,
      last_seen_at: daysBefore(index % 3 === 0 ? 300 : 3),
    })),
  )
  expect(await prune()).toEqual({ looked: 12_000, removed: 4_000 })
  expect(await tokens()).toHaveLength(8_000)
})

it('leaves the devices of an app’s own table alone', async () => {
  await given([{ token: 'unseen', last_seen_at: daysBefore(400) }])
  await world.database.knex.raw(`
    create schema app;
    alter table platform.devices set schema app;
    create view platform.devices as select * from app.devices`)
  expect(await pruned()).toMatchObject({ outcome: 'skipped', reason: 'the devices are the app’s own' })
  await world.database.knex.raw('drop view platform.devices; alter table app.devices set schema platform')
  expect(await tokens()).toEqual(['unseen'])
})
