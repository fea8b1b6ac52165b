import { afterAll, beforeAll, expect, it } from 'vitest'
import { resumeQueue } from '../../../src/ledger/settings.ts'
import { type SandboxControl, sandboxControl } from '../../../src/sandbox/control-client.ts'
import { type Sandbox, startSandbox } from '../../../src/sandbox/start-sandbox.ts'
import { deliverEvent } from '../../support/deliver-event.ts'
import { until } from '../../support/until.ts'
import { bookingOf, type EventWorld, freshId, startEventWorld } from './event-world.ts'

let platform: Sandbox
let control: SandboxControl
let world: EventWorld
beforeAll(async () => {
  platform = await startSandbox()
  control = sandboxControl(platform.url)
  world = await startEventWorld({ UPSTREAM_API_URL: `${platform.url}/platform`, UPSTREAM_API_KEY: 'ours' })
})
afterAll(async () => {
  await world.close()
  await platform.close()
})

const place = { version: 1, host_id: 'host', title: 'Cabane dans les pins', city: 'Arcachon', country: 'FR' }

/** A booking with its place and guest, of which only the platform knows. */
async function onlyThePlatformKnows(id: string): Promise<void> {
  await control.platformKnows('bookings', id, { ...bookingOf(id), internal: 'of no concern to us' })
  await control.platformKnows('places', `place-${id}`, { ...place, zone: 'Europe/Paris' })
  await control.platformKnows('users', `guest-${id}`, { version: 1, first_name: 'Camille' })
}

it('asks for the booking an event has only named, its place and its guest', async () => {
  const id = freshId()
  await onlyThePlatformKnows(id)
  expect(await world.react({ event: 'booking.confirmed', booking_id: id })).toMatchObject({
    outcome: 'completed',
    attempts: 1,
  })
  expect(await world.kept('bookings', id)).toMatchObject({ status: 'confirmed', guests: 2 })
  expect(await world.kept('places', `place-${id}`)).toMatchObject({ title: place.title })
  expect(await world.kept('users', `guest-${id}`)).toMatchObject({ first_name: 'Camille' })
  expect(await world.asked(`booking:${id}`)).toEqual([`booking-confirmation → guest-${id}`])
})

it('asks for a payment, and for its booking', async () => {
  const id = freshId()
  await onlyThePlatformKnows(id)
  const payment = { version: 1, booking_id: id, status: 'succeeded', amount_minor: 84_050, currency: 'EUR' }
  await control.platformKnows('payments', `pay-${id}`, payment)
  expect(await world.react({ event: 'payment.succeeded', payment_id: `pay-${id}` })).toMatchObject({
    outcome: 'completed',
  })
  expect(await world.asked(`payment:pay-${id}`)).toEqual([`payment-succeeded → guest-${id}`])
})

it('asks again for a person who has changed, without asking what', async () => {
  const id = freshId()
  await world.react({ event: 'user.registered', user_id: id, data: { version: 1, first_name: 'Camille' } })
  await control.platformKnows('users', id, { version: 2, first_name: 'Claude' })
  expect(await world.react({ event: 'user.updated', user_id: id })).toMatchObject({ outcome: 'completed' })
  expect(await world.kept('users', id)).toMatchObject({ first_name: 'Claude' })
})

it('does not ask for what it knows, nor for what it is told', async () => {
  const id = freshId()
  await onlyThePlatformKnows(id)
  await control.platformKnows('bookings', id, { ...bookingOf(id), version: 9, guests: 9 })
  await world.react({ event: 'booking.created', booking_id: id, data: bookingOf(id) })
  await world.react({ event: 'booking.confirmed', booking_id: id })
  expect(await world.kept('bookings', id)).toMatchObject({ guests: 2 })
})

it('tries again while the platform is away', async () => {
  const id = freshId()
  await onlyThePlatformKnows(id)
  await control.fault({ provider: 'platform', kind: 'status', status: 503, match: `bookings/${id}` })
  expect(await world.react({ event: 'booking.confirmed', booking_id: id })).toMatchObject({
    outcome: 'completed',
    attempts: 2,
  })
})

it('fails at once with an entity that cannot be kept', async () => {
  const id = freshId()
  await onlyThePlatformKnows(id)
  await control.platformKnows('users', `guest-${id}`, { version: 1, first_name: 'Cam\u0000ille' })
  expect(await world.react({ event: 'booking.confirmed', booking_id: id })).toMatchObject({
    outcome: 'failed',
    attempts: 1,
    error: { code: 'upstream-odd-answer', message: expect.not.stringContaining('ille') },
  })
})

it('waits for what the platform does not know either', async () => {
  const id = freshId()
  const delivered = await deliverEvent(world, { event: 'booking.confirmed', booking_id: id })
  const live = world.database.knex('hbnb_jobs.job_live').where({ id: delivered?.jobId ?? '' })
  await until('it waits', async () => (await live.clone().first('last_error'))?.last_error?.code === 'unknown-booking')
  await onlyThePlatformKnows(id)
  await live.clone().update({ run_at: new Date() })
  expect(await world.ended(delivered?.jobId ?? '')).toMatchObject({ outcome: 'completed' })
})

it('pauses the queue when the platform refuses our key', async () => {
  const id = freshId()
  await onlyThePlatformKnows(id)
  await control.fault({ provider: 'platform', kind: 'status', status: 401, match: `bookings/${id}` })
  const delivered = await deliverEvent(world, { event: 'booking.confirmed', booking_id: id })
  const paused = await until('the queue is paused', async () => {
    return await world.database
      .knex('hbnb_jobs.queue_settings')
      .where({ name: 'webhooks.process' })
      .whereNotNull('paused_at')
      .first('paused_by', 'paused_reason')
  })
  expect(paused).toEqual({ paused_by: 'runtime', paused_reason: expect.stringContaining('UPSTREAM_API_KEY') })
  await resumeQueue(world.database.run, 'webhooks.process')
  expect(await world.ended(delivered?.jobId ?? '')).toMatchObject({ outcome: 'completed', attempts: 1 })
})
