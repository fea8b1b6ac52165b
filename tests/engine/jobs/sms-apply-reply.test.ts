import { expect } from 'vitest'
import { addressSha256, suppress, suppressionsOf, type SuppressionReason } from '../../../src/db/suppressions.ts'
import type { SmsReply } from '../../../src/domain/events/sms-reply.ts'
import { describeJob } from '../../support/describe-job.ts'
import { givenEvent } from '../../support/given-event.ts'
import type { World } from '../../support/world.ts'

const numberOf = (id: string) => `number of ${id}`

const givenReply = async (world: World, id: string, reply: SmsReply) =>
  await givenEvent(world, 'twilio', `sms.${reply}`, {
    MessageSid: `SM${'0'.repeat(32)}`,
    reply,
    from_sha256: addressSha256('sms', numberOf(id)),
  })

async function givenSuppressed({ database: { knex } }: World, id: string, reason: SuppressionReason) {
  await suppress(knex, [{ channel: 'sms', addressSha256: addressSha256('sms', numberOf(id)), reason, source: 'test' }])
}

async function refusal({ database: { knex } }: World, id: string) {
  return (await suppressionsOf(knex, [{ channel: 'sms', address: numberOf(id) }], 'security')).get(numberOf(id))
}

describeJob('sms.apply-reply', {
  'sends no more SMS to who has said STOP, whatever they are about': {
    given: async (world, id) => await givenReply(world, id, 'stop'),
    async after(world, outcome, id) {
      expect(outcome).toMatchObject({ outcome: 'completed', result: { reply: 'stop' } })
      expect(await refusal(world, id)).toBe('opted-out')
    },
  },
  'goes on with START': {
    async given(world, id) {
      await givenSuppressed(world, id, 'opted-out')
      return await givenReply(world, id, 'start')
    },
    async after(world, outcome, id) {
      expect(outcome).toMatchObject({ outcome: 'completed', result: { reply: 'start' } })
      expect(await refusal(world, id)).toBeUndefined()
    },
  },
  'makes no number valid by START': {
    async given(world, id) {
      await givenSuppressed(world, id, 'invalid')
      return await givenReply(world, id, 'start')
    },
    async after(world, _, id) {
      expect(await refusal(world, id)).toBe('invalid')
    },
  },
  'lets no STOP that had to wait undo the START after it': {
    async given(world, id) {
      const stop = await givenReply(world, id, 'stop')
      await givenReply(world, id, 'start')
      return stop
    },
    async after(world, outcome, id) {
      expect(outcome.outcome).toBe('skipped')
      expect(await refusal(world, id)).toBeUndefined()
    },
  },
  'nor a START the STOP after it': {
    async given(world, id) {
      await givenSuppressed(world, id, 'opted-out')
      const start = await givenReply(world, id, 'start')
      await givenReply(world, id, 'stop')
      return start
    },
    async after(world, outcome, id) {
      expect(outcome.outcome).toBe('skipped')
      expect(await refusal(world, id)).toBe('opted-out')
    },
  },
  'passes over what asks for neither': {
    given: async (world, id) => await givenReply(world, id, 'other'),
    async after(world, outcome, id) {
      expect(outcome.outcome).toBe('skipped')
      expect(await refusal(world, id)).toBeUndefined()
    },
  },
})
