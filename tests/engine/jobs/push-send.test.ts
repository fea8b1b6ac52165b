import { expect } from 'vitest'
import { describeJob } from '../../support/describe-job.ts'
import { givenDelivery } from '../../support/given-delivery.ts'

describeJob('push.send', {
  'sends one push to each device, with the data the apps expect': {
    given: async (world, id) => await givenDelivery(world, id, 'push', { devices: [`a-${id}`, `b-${id}`] }),
    async after({ control }, outcome, id) {
      for (const device of ['a', 'b']) {
        const [push, ...others] = await control.effects({ recipient: `${device}-${id}` })
        expect(others).toEqual([])
        expect(push?.content).toMatchObject({
          data: { click_action: 'FLUTTER_NOTIFICATION_CLICK', type: 'booking_update', booking_id: id },
        })
      }
      expect(outcome.outcome).toBe('completed')
    },
  },
  'forgets a dead device and reaches the living one': {
    given: async (world, id) => await givenDelivery(world, id, 'push', { devices: [`dead-${id}`, `live-${id}`] }),
    async after({ control, database }, outcome, id) {
      expect(await control.effects({ recipient: `live-${id}` })).toHaveLength(1)
      expect(
        await database
          .knex('platform.devices')
          .where({ user_id: `guest-${id}` })
          .pluck('token'),
      ).toEqual([`live-${id}`])
      expect(outcome.outcome).toBe('completed')
    },
  },
  'has nothing to do without a device': {
    given: async (world, id) => await givenDelivery(world, id, 'push', { devices: [] }),
    async after(_, outcome) {
      expect(outcome).toMatchObject({ outcome: 'skipped', reason: 'no-address' })
    },
  },
})
