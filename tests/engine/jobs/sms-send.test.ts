import { expect } from 'vitest'
import { describeJob } from '../../support/describe-job.ts'
import { givenDelivery } from '../../support/given-delivery.ts'

describeJob('sms.send', {
  'sends one SMS to the number in E.164': {
    given: async (world, id) => await givenDelivery(world, id, 'sms', { phone: '06 12 34 56 01' }),
    async after({ control }, outcome) {
      const [sms, ...others] = await control.effects({ recipient: '+33612345601' })
      expect(others).toEqual([])
      expect(outcome).toMatchObject({ outcome: 'completed', result: { message_id: sms?.id } })
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
