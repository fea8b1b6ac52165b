import { expect } from 'vitest'
import { addressSha256, suppress } from '../../../src/db/suppressions.ts'
import { describeJob } from '../../support/describe-job.ts'
import { givenDelivery } from '../../support/given-delivery.ts'
import type { World } from '../../support/world.ts'

const notificationOf = ({ database }: World, id: string) =>
  database.knex('hbnb_jobs.notifications').where({ entity: `booking:${id}` })

describeJob('sms.send', {
  'sends one SMS to the number in E.164': {
    given: async (world, id) => await givenDelivery(world, id, 'sms', { phone: '06 12 34 56 01' }),
    async after({ control }, outcome) {
      const [sms, ...others] = await control.effects({ recipient: '+33612345601' })
      expect(others).toEqual([])
      expect(outcome).toMatchObject({
        outcome: 'completed',
        result: { message_id: sms?.id, encoding: 'GSM-7', segments: 1 },
      })
    },
  },
  'counts it once': {
    given: async (world, id) => await givenDelivery(world, id, 'sms', { phone: '06 12 34 56 03' }),
    async after({ database: { knex } }) {
      const counted = await knex('hbnb_jobs.sms_sends').where({ number_sha256: addressSha256('sms', '+33612345603') })
      expect(counted).toMatchObject([{ country: 'FR', segments: 1, cost_minor: '10.00' }])
    },
  },
  'sends nothing to a country that is not on the list': {
    given: async (world, id) => await givenDelivery(world, id, 'sms', { phone: '+44 7911 123456' }),
    async after({ control }, outcome) {
      expect(await control.effects({ recipient: '+447911123456' })).toEqual([])
      expect(outcome).toMatchObject({ outcome: 'skipped', reason: 'country-not-allowed' })
    },
  },
  'sends nothing to a number that has said STOP while it waited': {
    async given(world, id) {
      const number = addressSha256('sms', '+33612345604')
      await suppress(world.database.knex, [
        { channel: 'sms', addressSha256: number, reason: 'opted-out', source: 'twilio' },
      ])
      return await givenDelivery(world, id, 'sms', { phone: '06 12 34 56 04' })
    },
    async after({ control }, outcome) {
      expect(await control.effects({ recipient: '+33612345604' })).toEqual([])
      expect(outcome).toMatchObject({ outcome: 'skipped', reason: 'opted-out' })
    },
  },
  'sends nothing that comes too late': {
    async given(world, id) {
      const payload = await givenDelivery(world, id, 'sms', { phone: '06 12 34 56 05' })
      await notificationOf(world, id).update({ expires_at: new Date(Date.now() - 1_000) })
      return payload
    },
    async after({ control }, outcome) {
      expect(await control.effects({ recipient: '+33612345605' })).toEqual([])
      expect(outcome).toMatchObject({ outcome: 'skipped', reason: 'expired' })
    },
  },
  'refuses a fixed line': {
    given: async (world, id) => await givenDelivery(world, id, 'sms', { phone: '+33142345602' }),
    async after({ control }, outcome) {
      expect(await control.effects({ recipient: '+33142345602' })).toEqual([])
      expect(outcome).toMatchObject({ outcome: 'failed', error: { code: 'not-a-mobile' } })
    },
  },
  'refuses a number that cannot be read': {
    given: async (world, id) => await givenDelivery(world, id, 'sms', { phone: '12' }),
    async after(_, outcome) {
      expect(outcome).toMatchObject({ outcome: 'failed', error: { code: 'no-phone' } })
    },
  },
})
