import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pauseQueue, resumeQueue } from '../../../src/ledger/settings.ts'
import { deliverEvent } from '../../support/deliver-event.ts'
import { givenStay } from '../../support/platform-rows.ts'
import { until } from '../../support/until.ts'
import { type EventWorld, freshId, startEventWorld } from './event-world.ts'

let world: EventWorld
beforeAll(async () => {
  world = await startEventWorld()
})
afterAll(async () => {
  await world.close()
})

describe('an order that is not that of life', () => {
  it('by numbers is restored: who was early is woken when its turn comes', async () => {
    const id = freshId()
    await givenStay(world.database.knex, id)
    const early = await deliverEvent(world, { event: 'booking.confirmed', booking_id: id, sequence: 2 })
    if (!early) throw new Error('it was there already')
    const live = world.database.knex('hbnb_jobs.job_live').where({ id: early.jobId })
    await until('it waits', async () => (await live.clone().first('state', 'run'))?.state === 'accepted')
    // Not before an hour, unless it is woken.
    await live.clone().update({ run_at: new Date(Date.now() + 3_600_000) })
    await world.react({ event: 'booking.created', booking_id: id, sequence: 1 })
    expect(await world.ended(early.jobId)).toMatchObject({ outcome: 'completed' })
    expect(await world.asked(`booking:${id}`)).toEqual([
      `booking-confirmation → guest-${id}`,
      `booking-requested → guest-${id}`,
    ])
  })

  it('without numbers is judged by the states: what is too late is said to be', async () => {
    const id = freshId()
    await givenStay(world.database.knex, id)
    await world.react({ event: 'booking.cancelled', booking_id: id })
    const reason = 'too late: already cancelled'
    for (const event of ['booking.created', 'booking.confirmed', 'booking.completed'] as const) {
      const late = await world.react({ event, booking_id: id })
      expect(late).toMatchObject({ outcome: 'skipped', reason })
      expect(await world.handled(late.inboxId)).toEqual({ handled: 'ignored', reason })
    }
    expect(await world.asked(`booking:${id}`)).toEqual([`booking-cancelled → guest-${id}`])
    const reactions = await world.database
      .knex('hbnb_jobs.reactions')
      .where({ entity: `booking:${id}` })
      .orderBy('step')
    expect(reactions.map(({ step, superseded }) => [step, superseded])).toEqual([
      ['cancelled', null],
      ['completed', reason],
      ['confirmed', reason],
      ['pending', reason],
    ])
  })

  it('is not taken for one after a standstill, while the one before is only waiting as well', async () => {
    const id = freshId()
    await givenStay(world.database.knex, id)
    const hourAgo = new Date(Date.now() - 3_600_000)
    await pauseQueue(world.database.run, 'webhooks.process', 'test', 'a standstill')
    const delivered = []
    for (const [event, sequence] of [
      ['booking.cancelled', 3],
      ['booking.confirmed', 2],
      ['booking.created', 1],
    ] as const) {
      delivered.push(await deliverEvent(world, { event, booking_id: id, sequence }))
    }
    const ids = delivered.map(each => each?.jobId ?? '')
    await world.database.knex('hbnb_jobs.jobs').whereIn('id', ids).update({ accepted_at: hourAgo })
    await resumeQueue(world.database.run, 'webhooks.process')
    await Promise.all(ids.map(each => world.ended(each)))
    expect(await world.asked(`booking:${id}`)).toEqual([
      `booking-cancelled → guest-${id}`,
      `booking-confirmation → guest-${id}`,
      `booking-requested → guest-${id}`,
    ])
  })
})
