import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import sendNotification from '../../../queues/notifications/send.ts'
import { deliverEvent } from '../../support/deliver-event.ts'
import { givenStay } from '../../support/platform-rows.ts'
import { until } from '../../support/until.ts'
import { bookingOf, type EventWorld, freshId, startEventWorld } from './event-world.ts'

let world: EventWorld
beforeAll(async () => {
  world = await startEventWorld()
})
afterAll(async () => {
  await world.close()
})

const userOf = (id: string) => ({ version: 1, first_name: 'Camille', email: `${id}@example.test`, locale: 'fr' })

async function givenHost(id: string): Promise<void> {
  await world.database
    .knex('platform.users')
    .insert({ id: `host-${id}`, version: 1, first_name: 'Nour', last_name: '' })
}

const succeeded = (id: string) => ({
  version: 1,
  booking_id: id,
  status: 'succeeded',
  amount_minor: 9_000,
  currency: 'EUR',
})

const failed = (id: string) =>
  ({ event: 'payment.failed', payment_id: id, data: { ...succeeded(id), status: 'failed' } }) as const

describe('what each event makes happen', () => {
  it.each([
    ['booking.created', 'pending', ['booking-request → host', 'booking-requested → guest']],
    ['booking.confirmed', 'confirmed', ['booking-confirmation → guest', 'booking-confirmed-host → host']],
    ['booking.cancelled', 'cancelled', ['booking-cancelled → guest', 'booking-cancelled-host → host']],
    ['booking.completed', 'completed', ['stay-completed → guest', 'stay-completed-host → host']],
  ] as const)('%s', async (event, status, told) => {
    const id = freshId()
    await givenStay(world.database.knex, id, { status: event === 'booking.completed' ? 'confirmed' : 'pending' })
    await givenHost(id)
    const occurred_at = '2026-11-02T10:00:00.000Z'
    const { outcome, inboxId } = await world.react({ event, booking_id: id, occurred_at })
    expect(outcome).toBe('completed')
    expect(await world.asked(`booking:${id}`)).toEqual(told.map(each => `${each}-${id}`))
    const at = status === 'pending' ? 'created_at' : `${status}_at`
    expect(await world.kept('bookings', id)).toMatchObject({ status, [at]: new Date(occurred_at) })
    expect(await world.handled(inboxId)).toEqual({ handled: 'processed', reason: null })
  })

  it.each([
    ['payment.succeeded', 'succeeded', 'payment-succeeded'],
    ['payment.failed', 'failed', 'payment-failed'],
    ['payment.refunded', 'refunded', 'payment-refunded'],
  ] as const)('%s', async (event, status, template) => {
    const id = freshId()
    await givenStay(world.database.knex, id)
    const amounts = { amount_minor: 84_050, refunded_minor: status === 'refunded' ? 1_000 : 0, currency: 'EUR' }
    const data = { version: 2, booking_id: id, status, ...amounts }
    expect(await world.react({ event, payment_id: `pay-${id}`, sequence: 1, data })).toMatchObject({
      outcome: 'completed',
    })
    expect(await world.asked(`payment:pay-${id}`)).toEqual([`${template} → guest-${id}`])
    expect(await world.kept('payments', `pay-${id}`)).toMatchObject({ status, booking_id: id })
  })

  it('user.registered, and user.updated the mirror alone', async () => {
    const id = freshId()
    expect(await world.react({ event: 'user.registered', user_id: id, data: userOf(id) })).toMatchObject({
      outcome: 'completed',
    })
    const data = { ...userOf(id), version: 2, first_name: 'Claude' }
    expect(await world.react({ event: 'user.updated', user_id: id, data })).toMatchObject({
      outcome: 'completed',
      result: { job_ids: [] },
    })
    expect(await world.asked(`user:${id}`)).toEqual([`welcome → ${id}`])
    expect(await world.kept('users', id)).toMatchObject({ first_name: 'Claude' })
    expect(await world.react({ event: 'user.updated', user_id: id })).toMatchObject({
      outcome: 'skipped',
      reason: 'it says that something has changed, but not what',
    })
  })

  it('a host nobody told us of is not waited for', async () => {
    const id = freshId()
    await givenStay(world.database.knex, id)
    const { jobId } = await world.react({ event: 'booking.confirmed', booking_id: id })
    expect(await world.asked(`booking:${id}`)).toEqual([`booking-confirmation → guest-${id}`])
    const lines = await world.database.knex('hbnb_jobs.job_logs').where({ job_id: jobId }).pluck('message')
    expect(lines).toEqual([expect.stringContaining('the host is not told')])
  })

  it('a cancelled booking takes back the reminders that have not started, and no others', async () => {
    const id = freshId()
    await givenStay(world.database.knex, id)
    const about = { entity: `booking:${id}`, runAt: new Date(Date.now() + 3_600_000) }
    const payload = { user_id: `guest-${id}`, booking_id: id }
    const reminder = await world.accept(sendNotification, { ...payload, template: 'check-in-reminder' }, about)
    const tagged = { ...payload, template: 'booking-confirmation' }
    const other = await world.accept(sendNotification, tagged, { ...about, tags: ['reminder'] })
    const kept = await world.accept(sendNotification, tagged, about)
    await world.react({ event: 'booking.cancelled', booking_id: id })
    const outcome = { outcome: 'cancelled', reason: 'the booking was cancelled' }
    expect(await world.ended(reminder)).toMatchObject(outcome)
    expect(await world.ended(other)).toMatchObject(outcome)
    expect(await world.database.knex('hbnb_jobs.job_live').where({ id: kept }).first('state')).toEqual({
      state: 'accepted',
    })
  })
})

describe('what comes again', () => {
  it('under another id is ignored, also when it brings newer data', async () => {
    const id = freshId()
    await givenStay(world.database.knex, id)
    await world.react({ event: 'booking.confirmed', booking_id: id, data: bookingOf(id, 'confirmed', 3) })
    const data = { ...bookingOf(id, 'confirmed', 4), guests: 3 }
    const again = await world.react({ event: 'booking.confirmed', booking_id: id, data })
    expect(again).toMatchObject({ outcome: 'skipped', reason: 'this was told, and reacted to, before' })
    expect(await world.handled(again.inboxId)).toMatchObject({ handled: 'ignored' })
    expect(await world.kept('bookings', id)).toMatchObject({ guests: 3 })
    expect(await world.asked(`booking:${id}`)).toHaveLength(1)
  })

  it('by a replay is answered as it was', async () => {
    const id = freshId()
    await givenStay(world.database.knex, id)
    const { inboxId, result } = await world.react({ event: 'booking.confirmed', booking_id: id })
    const replay = await world.accept(world.contract('webhooks.process'), { inbox_id: inboxId })
    expect(await world.ended(replay)).toMatchObject({ outcome: 'completed', result })
    expect(await world.handled(inboxId)).toEqual({ handled: 'processed', reason: null })
    expect(await world.asked(`booking:${id}`)).toHaveLength(1)
  })

  it('counts as another refund when another sum has come back by then', async () => {
    const id = freshId()
    await givenStay(world.database.knex, id)
    const refunded = (version: number, refunded_minor: number) =>
      world.react({
        event: 'payment.refunded',
        payment_id: id,
        data: { version, booking_id: id, status: 'refunded', amount_minor: 9_000, refunded_minor, currency: 'EUR' },
      })
    await world.react({ event: 'payment.succeeded', payment_id: id, data: succeeded(id) })
    await refunded(2, 4_000)
    await refunded(3, 9_000)
    expect(await refunded(3, 9_000)).toMatchObject({ outcome: 'skipped' })
    expect(await world.asked(`payment:${id}`)).toEqual([
      `payment-refunded → guest-${id}`,
      `payment-refunded → guest-${id}`,
      `payment-succeeded → guest-${id}`,
    ])
  })

  it('leaves a payment where it is while only a part has come back', async () => {
    const id = freshId()
    await givenStay(world.database.knex, id)
    const refunded = (version: number, refunded_minor: number) =>
      world.react({
        event: 'payment.refunded',
        payment_id: id,
        data: { ...succeeded(id), version, refunded_minor },
      })
    await world.react({ event: 'payment.succeeded', payment_id: id, data: succeeded(id) })
    await refunded(2, 4_000)
    expect(await world.kept('payments', id)).toMatchObject({ status: 'succeeded', refunded_minor: '4000' })
    await refunded(3, 9_000)
    expect(await world.kept('payments', id)).toMatchObject({ status: 'refunded' })
  })

  it('counts as another failure by its id, and without one only if its body is another', async () => {
    const [id, nameless] = [freshId(), freshId()]
    await givenStay(world.database.knex, id)
    await givenStay(world.database.knex, nameless)
    await world.react(failed(id))
    await world.react(failed(id))
    expect(await world.asked(`payment:${id}`)).toHaveLength(2)
    // As the door stores it when the same comes again after ten minutes: under an id of ours.
    for (const eventId of [freshId(), freshId()]) {
      const delivered = await deliverEvent(world, failed(nameless), { eventId, scheme: 'legacy' })
      await world.ended(delivered?.jobId ?? '')
    }
    expect(await world.asked(`payment:${nameless}`)).toHaveLength(1)
  })

  it('with older data changes nothing in the mirror', async () => {
    const id = freshId()
    await givenStay(world.database.knex, id)
    await world.database.knex('platform.versions').insert({ kind: 'booking', id, version: 5, digest: 'x' })
    const data = { ...bookingOf(id, 'confirmed', 4), guests: 9 }
    expect(await world.react({ event: 'booking.confirmed', booking_id: id, data })).toMatchObject({
      outcome: 'completed',
    })
    expect(await world.kept('bookings', id)).toMatchObject({ guests: 2, status: 'confirmed' })
  })
})

describe('what nobody told us of', () => {
  it.each([
    ['booking', { event: 'booking.confirmed', booking_id: 'nobody' }, 'unknown-booking'],
    ['payment', { event: 'payment.failed', payment_id: 'nobody' }, 'unknown-payment'],
    ['user', { event: 'user.registered', user_id: 'nobody' }, 'unknown-user'],
    ['place', { event: 'booking.created', booking_id: 'no-place', data: bookingOf('no-place') }, 'unknown-place'],
  ] as const)('a %s is waited for, then the job fails loudly', async (_what, body, code) => {
    const delivered = await deliverEvent(world, body)
    const { jobId = '' } = delivered ?? {}
    const live = world.database.knex('hbnb_jobs.job_live').where({ id: jobId })
    const waiting = await until('it waits', async () => {
      const found = await live.clone().first('state', 'last_error', 'attempts')
      return found?.state === 'accepted' && found.last_error ? found : undefined
    })
    expect(waiting).toMatchObject({ attempts: 0, last_error: { code } })
    const longAgo = new Date(Date.now() - 25 * 3_600_000)
    await world.database.knex('hbnb_jobs.jobs').where({ id: jobId }).update({ accepted_at: longAgo })
    await live.clone().update({ run_at: new Date() })
    expect(await world.ended(jobId)).toMatchObject({ outcome: 'failed', error: { code } })
  })

  it('but told with the event, it is in the mirror even while its place is not', async () => {
    expect(await world.kept('bookings', 'no-place')).toMatchObject({ guest_id: 'guest-no-place' })
  })

  it('and has deleted, is forgotten when it was a person', async () => {
    const id = freshId()
    await world.database.knex('platform.versions').insert({ kind: 'user', id, version: 9, digest: null })
    const { inboxId } = await world.react({ event: 'user.updated', user_id: id, data: userOf(id) })
    expect(await world.handled(inboxId)).toMatchObject({ reason: 'the platform has deleted this user' })
    const { body } = await world.database.knex('hbnb_jobs.webhook_inbox').where({ id: inboxId }).first('body')
    expect(body).toEqual({ event: 'user.updated', user_id: id })
  })

  it('and has deleted, is let be', async () => {
    const id = freshId()
    await world.database.knex('platform.versions').insert({ kind: 'booking', id, version: 9, digest: null })
    const body = { event: 'booking.confirmed', booking_id: id, data: bookingOf(id, 'confirmed', 8) } as const
    expect(await world.react(body)).toMatchObject({
      outcome: 'skipped',
      reason: 'the platform has deleted this booking',
    })
  })
})
