import { expect } from 'vitest'
import { z } from 'zod'
import { newJobId } from '../../../src/ledger/job-id.ts'
import { describeJob } from '../../support/describe-job.ts'
import { givenDelivery } from '../../support/given-delivery.ts'

const hourMs = 3_600_000

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
  'shows how much is unread, and for as long as it is worth it': {
    async given(world, id) {
      const payload = await givenDelivery(world, id, 'push', { devices: [`said-${id}`] })
      const mine = () => world.database.knex('hbnb_jobs.notifications').where({ user_id: `guest-${id}` })
      const { id: _, ...row } = await mine().first()
      for (const gone of [{ read_at: new Date() }, { cancelled_at: new Date() }, {}]) {
        const other = newJobId()
        await mine().insert({ ...row, id: other, ...gone })
        const suppressed = { channel: 'sms', decision: 'suppress', reason: 'switched-off' }
        await world.database
          .knex('hbnb_jobs.deliveries')
          .insert({ id: newJobId(), notification_id: other, ...suppressed })
      }
      const expires_at = new Date(Date.now() + hourMs)
      await mine().update({ urgency: 'low', category: 'message', expires_at })
      return payload
    },
    async after({ control }, _, id) {
      const [push] = await control.effects({ recipient: `said-${id}` })
      expect(push?.content).toMatchObject({ badge: 2, priority: 'normal', channel: 'message' })
      const { ttlSeconds } = z.object({ ttlSeconds: z.number() }).parse(push?.content)
      expect(ttlSeconds).toBeGreaterThan(3_500)
      expect(ttlSeconds).toBeLessThanOrEqual(3_600)
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
