import { expect } from 'vitest'
import { v7 } from 'uuid'
import { addressSha256 } from '../../../src/db/suppressions.ts'
import { describeJob, type JobCase } from '../../support/describe-job.ts'
import { givenDelivery } from '../../support/given-delivery.ts'
import { givenEvent } from '../../support/given-event.ts'
import type { World } from '../../support/world.ts'

interface SentSms {
  readonly deliveryId: string
  readonly effectId: string
  readonly number: string
}
const sent = new Map<string, SentSms>()
const smsOf = (id: string): SentSms => {
  const one = sent.get(id)
  if (one === undefined) throw new Error(`no SMS of ${id}`)
  return one
}
const sidOf = ({ effectId }: SentSms) => `SM${effectId.replaceAll('-', '')}`

/** An SMS that Twilio has taken, counted as sms.send counts it. */
async function givenSentSms(world: World, id: string): Promise<SentSms> {
  const { knex } = world.database
  const { delivery_id: deliveryId } = await givenDelivery(world, id, 'sms', { phone: '+33612345699' })
  const one = { deliveryId, effectId: v7(), number: addressSha256('sms', `number of ${id}`) }
  sent.set(id, one)
  await givenCounted(world, one, {})
  await knex('hbnb_jobs.effects').insert({
    id: one.effectId,
    job_id: deliveryId,
    key: 'sms',
    provider: 'twilio',
    state: 'accepted',
    sends: 1,
    provider_id: sidOf(one),
  })
  return one
}

async function givenCounted({ database: { knex } }: World, { deliveryId, number }: SentSms, more: object) {
  await knex('hbnb_jobs.sms_sends').insert({
    job_id: deliveryId,
    delivery_id: deliveryId,
    day: '2026-11-22',
    number_sha256: number,
    country: 'FR',
    segments: 1,
    cost_minor: 10,
    ...more,
  })
}

async function undelivered(world: World, one: SentSms, ErrorCode: number | null, status = 'undelivered') {
  const body = { MessageSid: sidOf(one), MessageStatus: status, ErrorCode, effect_id: one.effectId }
  return await givenEvent(world, 'twilio', 'sms.undelivered', body)
}

async function suppressedAs({ database: { knex } }: World, id: string): Promise<string[]> {
  return await knex('hbnb_jobs.suppressions')
    .where({ address_sha256: smsOf(id).number })
    .pluck('reason')
}

/** How long after now it is sent again, in minutes; nothing when it is not. */
async function sentAgainIn({ database: { knex } }: World, id: string): Promise<number[]> {
  const { deliveryId } = smsOf(id)
  const jobs = await knex('hbnb_jobs.jobs')
    .where({ name: 'sms.send' })
    .whereRaw(`payload->>'delivery_id' = ?`, [deliveryId])
    .select<{ id: string; entity: string; run_at: Date; accepted_at: Date }[]>('id', 'entity', 'run_at', 'accepted_at')
  const delivery = await knex('hbnb_jobs.deliveries').where({ id: deliveryId }).first()
  for (const job of jobs) {
    expect(job.entity).toBe(`booking:${id}`)
    expect(delivery).toMatchObject({ job_id: job.id, provider_status: null, provider_error_code: null })
  }
  if (jobs.length > 0) await knex.raw(`delete from hbnb_jobs.job_live where id = any(?)`, [jobs.map(job => job.id)])
  return jobs.map(job => Math.round((job.run_at.getTime() - job.accepted_at.getTime()) / 60_000))
}

interface Meaning {
  readonly suppressed: readonly string[]
  readonly againIn: readonly number[]
  readonly outcome?: string
}

const taught = (code: number | null, { suppressed, againIn, outcome = 'completed' }: Meaning): JobCase => ({
  given: async (world, id) => await undelivered(world, await givenSentSms(world, id), code),
  async after(world, ended, id) {
    expect(ended.outcome).toBe(outcome)
    expect(await suppressedAs(world, id)).toEqual(suppressed)
    expect(await sentAgainIn(world, id)).toEqual(againIn)
  },
})

describeJob('sms.apply-status', {
  '30003, out of reach: sent once more in an hour': taught(30_003, { suppressed: [], againIn: [60] }),
  '30004, blocked: the number gets no more': taught(30_004, { suppressed: ['bounced'], againIn: [] }),
  '30005, unknown: the number gets no more': taught(30_005, { suppressed: ['invalid'], againIn: [] }),
  '30006, a landline: the number gets no more': taught(30_006, { suppressed: ['not-mobile'], againIn: [] }),
  '30007, filtered: people are told, the number is not to blame': taught(30_007, {
    suppressed: [],
    againIn: [],
    outcome: 'failed',
  }),
  '30008, unknown: sent once more in five minutes': taught(30_008, { suppressed: [], againIn: [5] }),
  'no code at all: as unknown': taught(null, { suppressed: [], againIn: [5] }),
  '21610, opted out: the number gets no more': taught(21_610, { suppressed: ['opted-out'], againIn: [] }),
  'a code of no table: noted, nothing more': taught(30_034, { suppressed: [], againIn: [] }),

  'what has arrived teaches nothing bad': {
    given: async (world, id) => await undelivered(world, await givenSentSms(world, id), null, 'delivered'),
    async after(world, ended, id) {
      expect(ended).toMatchObject({ outcome: 'completed', result: { is_news: true, sent_again: false } })
      expect(await suppressedAs(world, id)).toEqual([])
    },
  },

  'the second send is the last': {
    async given(world, id) {
      const one = await givenSentSms(world, id)
      await world.database
        .knex('hbnb_jobs.deliveries')
        .where({ id: one.deliveryId })
        .update({ sent_again_at: new Date() })
      return await undelivered(world, one, 30_003)
    },
    async after(world, _, id) {
      expect(await sentAgainIn(world, id)).toEqual([])
    },
  },

  'nothing is sent again that would come too late': {
    async given(world, id) {
      const one = await givenSentSms(world, id)
      await world.database
        .knex('hbnb_jobs.notifications')
        .where({ entity: `booking:${id}` })
        .update({ expires_at: new Date(Date.now() + 30 * 60_000) })
      return await undelivered(world, one, 30_003)
    },
    async after(world, _, id) {
      expect(await sentAgainIn(world, id)).toEqual([])
    },
  },

  'nor what was cancelled': {
    async given(world, id) {
      const one = await givenSentSms(world, id)
      await world.database
        .knex('hbnb_jobs.notifications')
        .where({ entity: `booking:${id}` })
        .update({ cancelled_at: new Date() })
      return await undelivered(world, one, 30_008)
    },
    async after(world, _, id) {
      expect(await sentAgainIn(world, id)).toEqual([])
    },
  },

  'a number that was out of reach five times within ten days gets no more': {
    async given(world, id) {
      const one = await givenSentSms(world, id)
      for (const daysAgo of [2, 4, 6, 10]) await givenUnreached(world, one, daysAgo)
      return await undelivered(world, one, 30_003)
    },
    async after(world, _, id) {
      expect(await suppressedAs(world, id)).toEqual(['bounced'])
      expect(await sentAgainIn(world, id)).toEqual([])
    },
  },

  'five times within two days may be a weekend in the mountains': {
    async given(world, id) {
      const one = await givenSentSms(world, id)
      for (const daysAgo of [1, 1, 2, 2]) await givenUnreached(world, one, daysAgo)
      return await undelivered(world, one, 30_003)
    },
    async after(world, _, id) {
      expect(await suppressedAs(world, id)).toEqual([])
    },
  },

  'one that arrived in between breaks the row': {
    async given(world, id) {
      const one = await givenSentSms(world, id)
      for (const daysAgo of [2, 6, 10]) await givenUnreached(world, one, daysAgo)
      await givenUnreached(world, one, 4, null)
      return await undelivered(world, one, 30_003)
    },
    async after(world, _, id) {
      expect(await suppressedAs(world, id)).toEqual([])
    },
  },
})

async function givenUnreached(world: World, one: SentSms, daysAgo: number, told_fault: number | null = 30_003) {
  const at = new Date(Date.now() - daysAgo * 86_400_000)
  await givenCounted(world, { ...one, deliveryId: v7() }, { counted_at: at, told_at: at, told_fault })
}
