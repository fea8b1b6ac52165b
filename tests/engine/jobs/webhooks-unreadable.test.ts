import { afterAll, beforeAll, expect, it } from 'vitest'
import { givenEvent } from '../../support/given-event.ts'
import { givenStay } from '../../support/platform-rows.ts'
import { until } from '../../support/until.ts'
import { startWorld, type World } from '../../support/world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())

it('an event whose form is not known here is tried again, and never ignored: a newer door may have taken it', async () => {
  const { knex } = world.database
  await givenStay(knex, 'newer')
  const body = { event: 'booking.confirmed', booking_id: 'newer' }
  const payload = await givenEvent(world, 'booking', body.event, { ...body, sequence: 'first' })
  const id = await world.accept(world.contract('webhooks.process'), payload)
  const error = await until('it was tried', async () => {
    const row = await knex('hbnb_jobs.job_live').where({ id }).first('last_error')
    return row?.last_error ?? undefined
  })
  expect(error).toMatchObject({ code: 'unreadable-event' })

  const event = knex('hbnb_jobs.webhook_inbox').where({ id: payload.inbox_id })
  expect(await event.clone().first('handled')).toEqual({ handled: null })
  await event.clone().update({ body: JSON.stringify(body) })
  expect(await world.ended(id)).toMatchObject({ outcome: 'completed' })
  expect(await event.clone().first('handled')).toEqual({ handled: 'processed' })
})
