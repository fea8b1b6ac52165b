import { expect } from 'vitest'
import { describeJob } from '../../support/describe-job.ts'
import { givenStay, type StayChoices } from '../../support/platform-rows.ts'
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
        'push suppress no device',
        'sms suppress no phone number',
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
})
