import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { hbnbEventTypes, hbnbSources, sourceOf } from '../../src/domain/events/hbnb-events.ts'
import { startIntake, type TestIntake } from '../support/intake.ts'
import { legacyHeaders, standardHeaders } from '../support/sign-webhook.ts'

const secrets = {
  booking: 'the-secret-of-all-sources',
  payment: 'the-secret-of-payments',
  user: 'whsec_dGhlLXNlY3JldC1vZi11c2Vycy1hbmQtbm9ib2R5LWVsc2U=',
}
const oldPaymentSecret = 'the-old-secret-of-payments'

let intake: TestIntake

beforeAll(async () => {
  intake = await startIntake({
    WEBHOOK_SECRET: secrets.booking,
    WEBHOOK_SECRET_PAYMENT: `${secrets.payment},${oldPaymentSecret}`,
    WEBHOOK_SECRET_USER: secrets.user,
    WEBHOOK_LEGACY_SIGNATURE: 'booking,user',
  })
})
afterEach(async () => {
  await intake.database.knex.raw(
    'truncate hbnb_jobs.jobs, hbnb_jobs.job_live, hbnb_jobs.webhook_inbox, hbnb_jobs.idempotency_keys',
  )
})
afterAll(() => intake.close())

const rows = () => intake.database.knex('hbnb_jobs.webhook_inbox').select('source', 'type', 'entity', 'handled_reason')

test.each(hbnbEventTypes)('%s is taken where it belongs, and kept and ignored elsewhere', async type => {
  const home = sourceOf(type)
  const body = JSON.stringify({ event: type, [`${home}_id`]: '42' })
  for (const source of hbnbSources) {
    const headers = standardHeaders(body, { secret: secrets[source] })
    expect(await intake.send('POST', `/webhooks/${source}`, body, headers)).toMatchObject({
      status: 200,
      json: { status: source === home ? 'accepted' : 'ignored' },
    })
  }
  const stored = await rows()
  expect(stored).toHaveLength(3)
  for (const source of hbnbSources) {
    const reason = source === home ? null : `${type} belongs to /webhooks/${home}, not to /webhooks/${source}`
    expect(stored).toContainEqual({ source, type, entity: `${home}:42`, handled_reason: reason })
  }
  expect(await intake.count('jobs')).toBe(1)
})

test('one id of two sources is two events', async () => {
  for (const [source, type] of [
    ['booking', 'booking.created'],
    ['user', 'user.updated'],
  ] as const) {
    const body = JSON.stringify({ event: type, [`${source}_id`]: '42' })
    const headers = standardHeaders(body, { secret: secrets[source], id: 'evt_of_both' })
    expect((await intake.send('POST', `/webhooks/${source}`, body, headers)).json).toMatchObject({ status: 'accepted' })
  }
  expect(await rows()).toHaveLength(2)
})

const payment = JSON.stringify({ event: 'payment.failed', payment_id: 'p1' })
const user = JSON.stringify({ event: 'user.updated', user_id: 'u1' })

test.each([
  ['payment', payment, standardHeaders(payment, { secret: oldPaymentSecret }), 200],
  ['payment', payment, standardHeaders(payment, { secret: secrets.booking }), 401],
  ['payment', payment, standardHeaders(payment, { secret: secrets.user }), 401],
  ['payment', payment, legacyHeaders(payment, secrets.payment), 401],
  ['user', user, legacyHeaders(user, secrets.user), 200],
  ['user', user, legacyHeaders(user, secrets.booking), 401],
] as const)('at the door of %s its own secrets and schemes count alone (%#)', async (source, body, headers, status) => {
  expect((await intake.send('POST', `/webhooks/${source}`, body, headers)).status).toBe(status)
})
