import { expect } from 'vitest'
import { describeJob } from '../../support/describe-job.ts'
import { givenPayment, givenStay, type StayChoices } from '../../support/platform-rows.ts'
import type { World } from '../../support/world.ts'

const template = 'booking-confirmation'

async function given({ database }: World, id: string, choices: StayChoices = {}) {
  await givenStay(database.knex, id, { status: 'confirmed', ...choices })
  return { user_id: `guest-${id}`, template, booking_id: id }
}

async function deliveriesOf({ database }: World, id: string) {
  const rows = await database
    .knex('hbnb_jobs.deliveries as d')
    .join('hbnb_jobs.notifications as n', 'n.id', 'd.notification_id')
    .where('n.user_id', `guest-${id}`)
    .orderBy('channel')
    .select('channel', 'decision', 'reason')
  return rows.map(({ channel, decision, reason }) => [channel, decision, reason].filter(Boolean).join(' '))
}

describeJob('notifications.send', {
  'makes one delivery for each channel': {
    given,
    async after(world, outcome, id) {
      expect(await deliveriesOf(world, id)).toEqual(['email send', 'push send', 'sms send'])
      expect(outcome).toMatchObject({
        outcome: 'completed',
        result: { channels: { email: 'send', sms: 'send', push: 'send' } },
      })
      expect(await world.control.effects({ recipient: `guest-${id}@example.test` })).toHaveLength(1)
    },
  },
  'keeps the reason for each channel it does not use': {
    given: async (world, id) => await given(world, id, { phone: null, devices: [] }),
    async after(world, outcome, id) {
      expect(await deliveriesOf(world, id)).toEqual([
        'email send',
        'push suppress no-address',
        'sms suppress no-address',
      ])
      expect(outcome.outcome).toBe('completed')
    },
  },
  'says nothing about a cancelled booking': {
    given: async (world, id) => await given(world, id, { status: 'cancelled' }),
    async after(world, outcome, id) {
      expect(await deliveriesOf(world, id)).toEqual([])
      expect(outcome).toMatchObject({ outcome: 'skipped' })
    },
  },
  'asks a host no more who has answered': {
    given: async (world, id) => ({ ...(await given(world, id)), template: 'booking-request' }),
    async after(world, outcome, id) {
      expect(await deliveriesOf(world, id)).toEqual([])
      expect(outcome).toMatchObject({ outcome: 'skipped', reason: 'the booking was confirmed meanwhile' })
    },
  },
  'reminds nobody of a stay that is not confirmed': {
    given: async (world, id) => ({ ...(await given(world, id, { status: 'pending' })), template: 'check-in-reminder' }),
    async after(_, outcome) {
      expect(outcome).toMatchObject({ outcome: 'skipped', reason: 'the booking is not confirmed' })
    },
  },
  'complains of no payment that was made since': {
    async given(world, id) {
      await givenPayment(world.database.knex, id)
      return { ...(await given(world, id)), template: 'payment-failed', payment_id: id }
    },
    async after(_, outcome) {
      expect(outcome).toMatchObject({ outcome: 'skipped', reason: 'it was paid meanwhile' })
    },
  },
  'tells a host also of a guest who has deleted their account': {
    async given(world, id) {
      const { knex } = world.database
      const payload = await given(world, id, { status: 'cancelled' })
      await knex('platform.bookings').where({ id }).update({ guest_id: 'nobody' })
      return { ...payload, template: 'booking-cancelled-host' }
    },
    async after({ control }, outcome, id) {
      expect(outcome.outcome).toBe('completed')
      const [mail] = await control.effects({ recipient: `guest-${id}@example.test` })
      expect(mail?.content.kind === 'mail' && mail.content.text).not.toContain('Prénom')
    },
  },
  'has nothing to say to somebody, or about something, the platform has deleted': {
    async given(world, id) {
      await world.database.knex('platform.versions').insert({ kind: 'user', id, version: 2, digest: null })
      return { ...(await given(world, id)), user_id: id }
    },
    async after(_, outcome) {
      expect(outcome).toMatchObject({ outcome: 'skipped', reason: 'the platform has deleted this user' })
    },
  },
})
