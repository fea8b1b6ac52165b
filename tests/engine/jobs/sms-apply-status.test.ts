import { expect } from 'vitest'
import { v7 } from 'uuid'
import { describeJob } from '../../support/describe-job.ts'
import { givenEvent } from '../../support/given-event.ts'
import type { World } from '../../support/world.ts'

const sidOf = (effectId: string) => `SM${effectId.replaceAll('-', '')}`
const effectOf = new Map<string, string>()

/** A delivery by SMS, with the effect of its send as it stands, and what was told of it before. */
async function givenSms({ database }: World, id: string, state: 'unknown' | 'accepted', status: string | null) {
  const [effectId, jobId, notificationId] = [v7(), v7(), v7()]
  effectOf.set(id, effectId)
  await database.knex('hbnb_jobs.notifications').insert({
    id: notificationId,
    user_id: 'u1',
    template: 'booking-confirmation',
    template_version: 1,
    locale: 'fr',
    data: {},
  })
  await database.knex('hbnb_jobs.deliveries').insert({
    id: v7(),
    notification_id: notificationId,
    channel: 'sms',
    decision: 'send',
    job_id: jobId,
    provider_status: status,
  })
  await database.knex('hbnb_jobs.effects').insert({
    id: effectId,
    job_id: jobId,
    key: 'sms',
    provider: 'twilio',
    state,
    sends: 1,
    ...(state === 'unknown' ? { unknown_at: new Date() } : { provider_id: sidOf(effectId) }),
  })
  return effectId
}

async function givenCallback(world: World, effectId: string | null, more: Record<string, unknown>) {
  const MessageSid = sidOf(effectId ?? v7())
  return await givenEvent(world, 'twilio', 'sms.status', { MessageSid, effect_id: effectId, ...more })
}

async function deliveryOf({ database }: World, id: string) {
  return await database
    .knex('hbnb_jobs.deliveries as d')
    .join('hbnb_jobs.effects as e', 'e.job_id', 'd.job_id')
    .where({ 'e.id': effectOf.get(id) })
    .first('e.state', 'd.provider_status', 'd.provider_error_code')
}

describeJob('sms.apply-status', {
  'settles a send whose answer was lost, and notes how it fared': {
    async given(world, id) {
      const effectId = await givenSms(world, id, 'unknown', null)
      return await givenCallback(world, effectId, { MessageStatus: 'delivered', ErrorCode: null })
    },
    async after(world, outcome, id) {
      expect(outcome.outcome).toBe('completed')
      expect(await deliveryOf(world, id)).toEqual({
        state: 'accepted',
        provider_status: 'delivered',
        provider_error_code: null,
      })
    },
  },
  'notes why an SMS did not arrive': {
    async given(world, id) {
      const effectId = await givenSms(world, id, 'accepted', 'sent')
      return await givenCallback(world, effectId, { MessageStatus: 'undelivered', ErrorCode: 30_005 })
    },
    async after(world, _, id) {
      expect(await deliveryOf(world, id)).toMatchObject({
        provider_status: 'undelivered',
        provider_error_code: 30_005,
      })
    },
  },
  'lets no late callback undo what came after it': {
    async given(world, id) {
      const effectId = await givenSms(world, id, 'accepted', 'delivered')
      return await givenCallback(world, effectId, { MessageStatus: 'sent' })
    },
    async after(world, outcome, id) {
      expect(outcome).toMatchObject({ outcome: 'completed', result: { is_news: false, settled: 0 } })
      expect(await deliveryOf(world, id)).toMatchObject({ provider_status: 'delivered' })
    },
  },
  'lets no failure follow a delivery': {
    async given(world, id) {
      const effectId = await givenSms(world, id, 'accepted', 'delivered')
      return await givenCallback(world, effectId, { MessageStatus: 'failed', ErrorCode: 30_008 })
    },
    async after(world, _, id) {
      expect(await deliveryOf(world, id)).toMatchObject({ provider_status: 'delivered', provider_error_code: null })
    },
  },
  'passes over a message that names no effect of ours': {
    given: async world => await givenCallback(world, null, { MessageStatus: 'sent' }),
    async after(_, outcome) {
      expect(outcome.outcome).toBe('skipped')
    },
  },
})
