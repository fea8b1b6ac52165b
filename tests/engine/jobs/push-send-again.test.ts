import { afterAll, beforeAll, expect, it } from 'vitest'
import { deviceTokensOf } from '../../../src/db/users.ts'
import { listSettings } from '../../../src/ledger/settings.ts'
import { givenDelivery } from '../../support/given-delivery.ts'
import { until } from '../../support/until.ts'
import { startWorld, type World } from '../../support/world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())

const forget = async (token: string) => await world.database.knex('platform.devices').where({ token }).delete()
const effectsOf = async (jobId: string) =>
  await world.database
    .knex('hbnb_jobs.effects')
    .where({ job_id: jobId })
    .orderBy('state')
    .select('state', 'sends', world.database.knex.raw('settled_at is not null as "isSettled"'))

it('sends once more what may have been sent: the device shows one', async () => {
  const payload = await givenDelivery(world, 'lost', 'push', { devices: ['lost-1'] })
  await world.control.fault({ provider: 'fcm', match: 'lost-1', kind: 'accept-then-drop' })
  const id = await world.accept(world.contract('push.send'), payload)
  expect(await world.ended(id)).toMatchObject({ result: { accepted: 1, refused: 0, unknown: 0 } })
  const pushes = await world.control.effects({ recipient: 'lost-1' })
  expect(pushes).toHaveLength(2)
  expect(new Set(pushes.map(({ key }) => key)).size).toBe(1)
})

it('leaves a device that was forgotten meanwhile in doubt, and closes it', async () => {
  const payload = await givenDelivery(world, 'left', 'push', { devices: ['stays-1', 'left-1'] })
  await world.control.fault({ provider: 'fcm', match: 'left-1', kind: 'accept-then-drop' })
  const id = await world.accept(world.contract('push.send'), payload)
  await until('the answer of one is lost', async () => (await effectsOf(id)).some(({ state }) => state === 'unknown'))
  await forget('left-1')
  expect(await world.ended(id)).toMatchObject({ result: { accepted: 1, refused: 0, unknown: 1 } })
  expect(await effectsOf(id)).toEqual([
    { state: 'accepted', sends: 1, isSettled: true },
    { state: 'unknown', sends: 2, isSettled: true },
  ])
  expect(await world.control.effects({ recipient: 'left-1' })).toHaveLength(1)
})

it('refuses a device that was forgotten before anything was sent to it', async () => {
  const payload = await givenDelivery(world, 'early', 'push', { devices: ['early-1'] })
  await world.control.fault({ provider: 'fcm', match: 'early-1', kind: 'status', status: 503 })
  const id = await world.accept(world.contract('push.send'), payload)
  await until('its devices are known', async () => (await effectsOf(id)).some(({ state }) => state === 'reserved'))
  await forget('early-1')
  expect(await world.ended(id)).toMatchObject({ outcome: 'completed', result: { accepted: 0, refused: 1, unknown: 0 } })
  expect(await world.control.effects({ recipient: 'early-1' })).toEqual([])
})

it.each([
  ['may have been sent', { kind: 'accept-then-drop' }, 'unknown', { result: { accepted: 0, refused: 0, unknown: 1 } }],
  ['was not sent', { kind: 'status', status: 503 }, 'reserved', { outcome: 'skipped', reason: 'cancelled' }],
] as const)('does not send again what %s and was taken back', async (name, fault, state, ended) => {
  const [id, device] = [`back-${state}`, `back-${state}-1`]
  const payload = await givenDelivery(world, id, 'push', { devices: [device] })
  await world.control.fault({ provider: 'fcm', match: device, ...fault })
  const job = await world.accept(world.contract('push.send'), payload, { id: payload.delivery_id })
  await until(`it ${name}`, async () => (await effectsOf(job)).some(effect => effect.state === state))
  const mine = world.database.knex('hbnb_jobs.notifications').where({ user_id: `guest-${id}` })
  await mine.update({ cancelled_at: new Date(), cancelled_reason: 'a test' })
  expect(await world.ended(job)).toMatchObject(ended)
  expect(await world.control.effects({ recipient: device })).toHaveLength(state === 'unknown' ? 1 : 0)
})

it('forgets no device for a key of another project: the queue pauses', async () => {
  const devices = Array.from({ length: 10 }, (_, index) => `foreign-${index}`)
  const payload = await givenDelivery(world, 'foreign', 'push', { devices })
  // Its own process has sent nothing yet: a key that has sent a push is the right one.
  await world.stopWorkers()
  await world.startWorkers()
  const id = await world.accept(world.contract('push.send'), payload)
  const paused = await until('the queue is paused', async () =>
    (await listSettings(world.database.run)).find(({ pausedAt }) => pausedAt !== null),
  )
  expect(paused).toMatchObject({ name: 'push.send', pausedReason: expect.stringContaining('fcm-foreign-project') })
  expect(await effectsOf(id)).toEqual(devices.map(() => ({ state: 'reserved', sends: 0, isSettled: false })))
  expect(await deviceTokensOf(world.database.knex, 'guest-foreign')).toHaveLength(10)
})
