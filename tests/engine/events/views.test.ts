import { afterAll, beforeAll, expect, it } from 'vitest'
import { givenStay } from '../../support/platform-rows.ts'
import { bookingOf, type EventWorld, freshId, startEventWorld } from './event-world.ts'

let world: EventWorld
beforeAll(async () => {
  world = await startEventWorld()
  await world.database.knex.raw(`
    create schema app;
    alter table platform.bookings set schema app;
    create view platform.bookings as select * from app.bookings;
  `)
})
afterAll(async () => {
  await world.close()
})

it('reacts to events of an app whose own tables are the mirror, and changes nothing in them', async () => {
  const id = freshId()
  await givenStay(world.database.knex, id, { status: 'confirmed' })
  const before = await world.kept('bookings', id)
  const data = { ...bookingOf(id, 'confirmed', 9), guests: 9 }
  const occurred_at = '2026-11-02T10:00:00Z'
  expect(await world.react({ event: 'booking.confirmed', booking_id: id, occurred_at, data })).toMatchObject({
    outcome: 'completed',
  })
  expect(await world.asked(`booking:${id}`)).toEqual([`booking-confirmation → guest-${id}`])
  expect(await world.kept('bookings', id)).toEqual(before)
})
