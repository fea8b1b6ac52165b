import { afterAll, beforeAll, expect, test } from 'vitest'
import notificationsSend from '../../queues/notifications/send.ts'
import { testTenantOf } from '../../src/domain/test-tenant.ts'
import { defaultTenant, newJob } from '../../src/ledger/new-job.ts'
import { sandboxControl } from '../../src/sandbox/control-client.ts'
import { startSandbox } from '../../src/sandbox/start-sandbox.ts'
import { givenStay } from '../support/platform-rows.ts'
import { until } from '../support/until.ts'
import { startWorld, type World } from '../support/world.ts'

// Two stand-ins: one plays the real providers, whose keys this deployment has; the other is the sandbox of test keys.

let real: Awaited<ReturnType<typeof startSandbox>>
let world: World

beforeAll(async () => {
  real = await startSandbox()
  world = await startWorld({
    SENDGRID_API_KEY: 'SG.a-real-key',
    SENDGRID_API_BASE: `${real.url}/sendgrid`,
    TWILIO_SID: `AC${'1'.repeat(32)}`,
    TWILIO_AUTH_TOKEN: 'a-real-token',
    TWILIO_PHONE: 'HBNB',
    TWILIO_API_BASE: `${real.url}/twilio`,
    FCM_API_BASE: real.url,
  })
})
afterAll(async () => {
  await world.close()
  await real.close()
})

/** Sends a confirmation over every channel, and waits until all jobs of its booking have ended. */
async function confirm(bookingId: string, tenant: string): Promise<void> {
  await givenStay(world.database.knex, bookingId)
  const entity = `booking:${bookingId}`
  const payload = { user_id: `guest-${bookingId}`, template: 'booking-confirmation', booking_id: bookingId }
  await world.accept(notificationsSend, payload, { tenant, entity })
  await until(`the jobs of ${entity} have ended`, async () => {
    const jobs = await world.database.knex('hbnb_jobs.jobs').where({ entity }).pluck('id')
    const ended = await world.database.knex('hbnb_jobs.job_outcomes').whereIn('id', jobs).pluck('id')
    return jobs.length >= 4 && ended.length === jobs.length
  })
}

const kinds = async (url: string) => (await sandboxControl(url).effects()).map(({ content }) => content.kind).toSorted()
const requests = async (url: string) =>
  Object.values(await sandboxControl(url).counts()).reduce((sum, provider) => sum + provider.requests, 0)

test('what a test key causes reaches the sandbox and never the real providers; what is real never the sandbox', async () => {
  const sandboxUrl = world.config.sandboxUrl ?? ''
  await confirm('test-1', testTenantOf(defaultTenant))
  expect(await kinds(sandboxUrl)).toEqual(['mail', 'push', 'sms'])
  expect(await requests(real.url), 'not even asked').toBe(0)

  const tenants = await world.database.knex('hbnb_jobs.jobs').distinct().pluck('tenant')
  expect(tenants, 'children are tests too').toEqual([testTenantOf(defaultTenant)])

  const asked = await requests(sandboxUrl)
  await confirm('real-1', defaultTenant)
  expect(await kinds(real.url)).toEqual(['mail', 'push', 'sms'])
  expect(await requests(sandboxUrl)).toBe(asked)
})

test('what the sandbox says stops nothing real', async () => {
  await world.control.fault({ provider: 'sendgrid', kind: 'status', status: 401 })
  await givenStay(world.database.knex, 'test-2')
  const payload = { user_id: 'guest-test-2', template: 'booking-confirmation', booking_id: 'test-2' }
  const entity = 'booking:test-2'
  await world.accept(notificationsSend, payload, { tenant: testTenantOf(defaultTenant), entity })
  await until('the sandbox has refused the mail', async () => {
    const { knex } = world.database
    const mails = await knex('hbnb_jobs.jobs').where({ entity, name: 'email.send' }).pluck('id')
    return (await knex('hbnb_jobs.job_attempts').whereIn('job_id', mails)).length > 0
  })
  await confirm('real-2', defaultTenant)
  expect(await kinds(real.url)).toEqual(['mail', 'mail', 'push', 'push', 'sms', 'sms'])
})

test('a test never takes the place of a real job that waits', () => {
  const contract = { ...notificationsSend, unique: { by: ['booking_id'] } } as const
  const payload = { user_id: 'u', template: 'booking-confirmation', booking_id: '7' } as const
  const keyIn = (tenant: string) => newJob(contract, payload, { tenant }).uniqueKey
  expect(keyIn('a')).toBe(keyIn('b'))
  expect(keyIn(testTenantOf('a'))).toBe(keyIn(testTenantOf('b')))
  expect(keyIn(testTenantOf('a'))).not.toBe(keyIn('a'))
})
