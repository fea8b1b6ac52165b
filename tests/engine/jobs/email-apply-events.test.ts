import { expect } from 'vitest'
import { v7 } from 'uuid'
import { addressSha256, suppressionsOf } from '../../../src/db/suppressions.ts'
import { describeJob } from '../../support/describe-job.ts'
import { givenDelivery } from '../../support/given-delivery.ts'
import { givenEvent } from '../../support/given-event.ts'
import type { World } from '../../support/world.ts'

interface Sent {
  readonly effectId: string
  readonly deliveryId: string
}

const sentOf = new Map<string, Sent>()

/** A mail whose answer was lost, or that was taken as `abc`. */
async function givenMail(world: World, id: string, state: 'unknown' | 'accepted', status: string | null = null) {
  const { knex } = world.database
  const { delivery_id: deliveryId } = await givenDelivery(world, id, 'email')
  if (status !== null) await knex('hbnb_jobs.deliveries').where({ id: deliveryId }).update({ provider_status: status })
  const effectId = v7()
  await knex('hbnb_jobs.effects').insert({
    id: effectId,
    job_id: deliveryId,
    key: 'mail',
    provider: 'sendgrid',
    state,
    sends: 1,
    ...(state === 'unknown' ? { unknown_at: new Date() } : { provider_id: 'abc' }),
  })
  sentOf.set(id, { effectId, deliveryId })
  return { effect_id: effectId, delivery_id: deliveryId }
}

async function givenEvents(world: World, events: readonly Record<string, unknown>[]) {
  const about = { sg_message_id: 'abc.recvd-1', timestamp: 1_763_800_000 }
  return await givenEvent(
    world,
    'sendgrid',
    'email.events',
    events.map((event, index) => ({ ...about, sg_event_id: `event-${index}`, ...event })),
  )
}

async function deliveryOf({ database }: World, id: string) {
  return await database
    .knex('hbnb_jobs.deliveries')
    .where({ id: sentOf.get(id)?.deliveryId })
    .first('provider_status', 'provider_status_at')
}

const address = (id: string) => `guest-${id}@example.test`
const hashOf = (id: string) => addressSha256('email', address(id))

async function refusal({ database }: World, id: string, category: 'booking' | 'news' | 'review') {
  const found = await suppressionsOf(database.knex, [{ channel: 'email', address: address(id) }], category)
  return found.get(address(id))
}

describeJob('email.apply-events', {
  'settles a send whose answer was lost': {
    async given(world, id) {
      const mail = await givenMail(world, id, 'unknown')
      return await givenEvents(world, [
        { ...mail, event: 'delivered' },
        { ...mail, event: 'processed' },
      ])
    },
    async after(world, outcome, id) {
      const row = await world.database
        .knex('hbnb_jobs.effects')
        .where({ id: sentOf.get(id)?.effectId })
        .first('state', 'provider_id', 'evidence')
      expect(row).toEqual({ state: 'accepted', provider_id: 'abc', evidence: 'event' })
      expect(outcome.outcome).toBe('completed')
      expect(await deliveryOf(world, id)).toEqual({
        provider_status: 'delivered',
        provider_status_at: new Date(1_763_800_000_000),
      })
    },
  },
  'passes over events that are none of ours': {
    given: async world => await givenEvents(world, [{ event: 'delivered', effect_id: 'x' }]),
    async after(_, outcome) {
      expect(outcome).toMatchObject({ outcome: 'completed', result: { events: 1, settled: 0, noted: 0 } })
    },
  },
  'takes an event once that SendGrid tells twice, under another id': {
    async given(world, id) {
      const mail = await givenMail(world, id, 'accepted')
      const event = { ...mail, event: 'delivered' }
      return await givenEvents(world, [event, { ...event, sg_event_id: 'of-the-retry' }])
    },
    async after(_, outcome) {
      expect(outcome).toMatchObject({ outcome: 'completed', result: { events: 1 } })
    },
  },
  'takes no status back, nor one of another mail': {
    async given(world, id) {
      const mail = await givenMail(world, id, 'accepted', 'open')
      return await givenEvents(world, [
        { ...mail, event: 'delivered' },
        { ...mail, event: 'click', sg_message_id: 'another.recvd-1' },
      ])
    },
    async after(world, outcome, id) {
      expect(outcome).toMatchObject({ outcome: 'completed', result: { noted: 0 } })
      expect(await deliveryOf(world, id)).toMatchObject({ provider_status: 'open' })
    },
  },
  'writes no more to an address that does not exist, though the bounce names neither mail nor effect': {
    given: async (world, id) =>
      await givenEvents(world, [
        { event: 'bounce', type: 'bounce', status: '5.1.10', sg_message_id: '', address_sha256: hashOf(id) },
      ]),
    async after(world, _, id) {
      expect(await refusal(world, id, 'booking')).toBe('bounced')
    },
  },
  'writes again to an address that refused one mail': {
    async given(world, id) {
      const mail = await givenMail(world, id, 'accepted')
      return await givenEvents(world, [{ ...mail, event: 'bounce', type: 'blocked', address_sha256: hashOf(id) }])
    },
    async after(world, _, id) {
      expect(await refusal(world, id, 'booking')).toBeUndefined()
      expect(await deliveryOf(world, id)).toMatchObject({ provider_status: 'blocked' })
    },
  },
  'writes no more to who complained': {
    async given(world, id) {
      const mail = await givenMail(world, id, 'accepted', 'delivered')
      return await givenEvents(world, [{ ...mail, event: 'spamreport', address_sha256: hashOf(id) }])
    },
    async after(world, _, id) {
      expect(await refusal(world, id, 'booking')).toBe('spam-report')
      expect(await deliveryOf(world, id)).toMatchObject({ provider_status: 'spamreport' })
    },
  },
  'keeps to what who has unsubscribed is owed': {
    given: async (world, id) =>
      await givenEvents(world, [{ event: 'unsubscribe', sg_event_id: undefined, address_sha256: hashOf(id) }]),
    async after(world, _, id) {
      expect(await refusal(world, id, 'news')).toBe('unsubscribed')
      expect(await refusal(world, id, 'booking')).toBeUndefined()
    },
  },
  'leaves out one category, and believes the last word about it': {
    async given(world, id) {
      const mail = await givenMail(world, id, 'accepted')
      const { knex } = world.database
      const [{ notification_id: of } = {}] = await knex('hbnb_jobs.deliveries').where({ id: mail.delivery_id })
      await knex('hbnb_jobs.notifications').where({ id: of }).update({ category: 'review' })
      const said = { ...mail, address_sha256: hashOf(id) }
      return await givenEvents(world, [
        { ...said, event: 'group_unsubscribe', timestamp: 3 },
        { ...said, event: 'group_resubscribe', timestamp: 2 },
        { ...said, event: 'group_unsubscribe', timestamp: 1 },
      ])
    },
    async after(world, _, id) {
      expect(await refusal(world, id, 'review')).toBe('unsubscribed')
      expect(await refusal(world, id, 'news')).toBeUndefined()
    },
  },
})
