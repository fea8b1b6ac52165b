import { afterEach, expect, it } from 'vitest'
import { newJobId } from '../../src/ledger/job-id.ts'
import { givenStay } from '../support/platform-rows.ts'
import { until } from '../support/until.ts'
import { startWorld, type World } from '../support/world.ts'

let world: World | undefined
afterEach(async () => {
  await world?.close()
  world = undefined
})

it('turns a confirmed booking into one mail, one SMS and one push', async () => {
  world = await startWorld()
  const { database, control } = world
  await givenStay(database.knex, '42')
  const inboxId = newJobId()
  const job = { entity: 'booking:42' }
  await database.knex('hbnb_jobs.webhook_inbox').insert({
    id: inboxId,
    source: 'booking',
    event_id: 'evt-1',
    scheme: 'legacy',
    type: 'booking.confirmed',
    body: { event: 'booking.confirmed', booking_id: '42' },
    body_sha256: 'x',
    entity: job.entity,
    job_id: newJobId(),
  })
  const id = await world.accept(world.contract('webhooks.process'), { inbox_id: inboxId }, job)
  expect(await world.ended(id)).toMatchObject({ outcome: 'completed', result: { event: 'booking.confirmed' } })
  await until('everything has ended', async () => {
    const rows = await database
      .knex('hbnb_jobs.jobs')
      .leftJoin('hbnb_jobs.job_outcomes as o', 'o.id', 'jobs.id')
      .select('name', 'outcome')
    return rows.length === 5 && rows.every(({ outcome }) => outcome !== null)
  })

  const effects = await control.effects()
  expect(effects.map(({ provider, recipient }) => `${provider} ${recipient}`).toSorted()).toEqual([
    'fcm token-42',
    'sendgrid guest-42@example.test',
    'twilio +33612345678',
  ])
  const [mail] = await control.effects({ provider: 'sendgrid' })
  expect(mail?.content).toMatchObject({ kind: 'mail', subject: expect.stringContaining('Confirmation de réservation') })
  const [push] = await control.effects({ provider: 'fcm' })
  expect(push?.content).toMatchObject({
    data: { click_action: 'FLUTTER_NOTIFICATION_CLICK', type: 'booking_update', booking_id: '42' },
  })
})
