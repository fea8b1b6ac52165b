import { expect } from 'vitest'
import { describeJob } from '../../support/describe-job.ts'
import { givenEvent } from '../../support/given-event.ts'
import { givenStay } from '../../support/platform-rows.ts'

describeJob('webhooks.process', {
  'confirms the booking and notifies the guest once': {
    async given(world, id) {
      await givenStay(world.database.knex, id)
      return await givenEvent(world, 'booking', 'booking.confirmed', { event: 'booking.confirmed', booking_id: id })
    },
    async after({ database, control }, outcome, id) {
      expect(outcome).toMatchObject({ outcome: 'completed', result: { event: 'booking.confirmed' } })
      expect(await database.knex('platform.bookings').where({ id }).first('status')).toEqual({ status: 'confirmed' })
      expect(await database.knex('hbnb_jobs.notifications').where({ user_id: `guest-${id}` })).toHaveLength(1)
      expect(await control.effects({ recipient: `guest-${id}@example.test` })).toHaveLength(1)
    },
  },
  'leaves a cancelled booking alone': {
    async given(world, id) {
      await givenStay(world.database.knex, id, { status: 'cancelled' })
      return await givenEvent(world, 'booking', 'booking.confirmed', { event: 'booking.confirmed', booking_id: id })
    },
    async after({ database }, outcome, id) {
      expect(outcome).toMatchObject({ outcome: 'skipped', reason: 'too late: already cancelled' })
      expect(await database.knex('platform.bookings').where({ id }).first('status')).toEqual({ status: 'cancelled' })
    },
  },
  'keeps an event of an unknown type, with the reason': {
    given: async (world, id) =>
      await givenEvent(world, 'booking', 'booking.moved', { event: 'booking.moved', booking_id: id }),
    async after(_, outcome) {
      expect(outcome).toMatchObject({ outcome: 'skipped', reason: 'events of this type are not known here' })
    },
  },
})
