import { afterAll, beforeAll, expect, it } from 'vitest'
import { templateVersion } from '../../../src/domain/notifications/templates/registry.ts'
import { givenDelivery } from '../../support/given-delivery.ts'
import { givenPayment, givenStay } from '../../support/platform-rows.ts'
import { until } from '../../support/until.ts'
import { startWorld, type World } from '../../support/world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
  await givenStay(world.database.knex, 'known')
  await givenPayment(world.database.knex, 'of-nobody')
})
afterAll(() => world.close())

/** Why a job was handed back, once it was. */
async function handedBack(id: string): Promise<object> {
  return await until('it was handed back', async () => {
    const row = await world.database.knex('hbnb_jobs.job_live').where({ id }).first('last_error')
    return row?.last_error ?? undefined
  })
}

it.each([
  ['user-not-found', { user_id: 'nobody', template: 'welcome' }],
  ['unknown-booking', { user_id: 'guest-known', template: 'booking-confirmation', booking_id: 'nobody' }],
  ['unknown-payment', { user_id: 'guest-known', template: 'payment-failed', payment_id: 'nobody' }],
  ['unknown-booking', { user_id: 'guest-known', template: 'payment-failed', payment_id: 'of-nobody' }],
])('%s: it waits until the platform has told us', async (code, payload) => {
  const id = await world.accept(world.contract('notifications.send'), payload)
  expect(await handedBack(id)).toMatchObject({ name: 'NotYet', code })
})

it('leaves to newer workers what they have written', async () => {
  const next = templateVersion('booking-confirmation') + 1
  const payload = await givenDelivery(world, 'newer', 'email', { templateVersion: next })
  const id = await world.accept(world.contract('email.send'), payload)
  expect(await handedBack(id)).toMatchObject({ name: 'NotYet', code: 'newer-template' })
})

it('fails for good when SQL has made it without the id of what it is about', async () => {
  const payload = JSON.stringify({ user_id: 'guest-known', template: 'payment-failed' })
  const { rows } = await world.database.knex.raw(`select hbnb_jobs.enqueue('notifications.send', ?::jsonb) as id`, [
    payload,
  ])
  expect(await world.ended(rows[0].id)).toMatchObject({ outcome: 'failed', error: { code: 'invalid-payload' } })
})
