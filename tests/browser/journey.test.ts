import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import webhooksProcess from '../../queues/webhooks/process.ts'
import { newJobId } from '../../src/ledger/job-id.ts'
import { openSite, type OperatorSite } from '../operators/operator-site.ts'
import { givenStay } from '../support/platform-rows.ts'
import { startWorld, type World } from '../support/world.ts'
import { until } from '../support/until.ts'
import { openBrowser, type TestBrowser } from './browser.ts'
import { browserAt } from './sign-in.ts'

let world: World
let site: OperatorSite
let browser: TestBrowser
let sandboxUrl: string

beforeAll(async () => {
  world = await startWorld()
  site = await openSite(world.config)
  sandboxUrl = world.config.sandboxUrl ?? ''
  const workers = await world.startWorkers()
  await givenStay(world.database.knex, '42')
  await confirmBooking('42')
  await until('all jobs of the booking have ended', async () => {
    const { knex } = world.database
    const ended = await knex('hbnb_jobs.job_outcomes').pluck('id')
    const open = await knex('hbnb_jobs.job_live').pluck('id')
    return ended.length >= 5 && open.length === 0
  })
  await workers.stop()
})
afterEach(async () => {
  browser.expectClean()
  await browser.close()
})
afterAll(async () => {
  await site.close()
  await world.close()
})

/** What the intake does with a verified webhook. */
async function confirmBooking(id: string): Promise<void> {
  const inbox_id = newJobId()
  const entity = `booking:${id}`
  const event = { event: 'booking.confirmed', booking_id: id }
  const job_id = newJobId()
  await world.database.knex('hbnb_jobs.webhook_inbox').insert({
    id: inbox_id,
    source: 'booking',
    event_id: `event-${inbox_id}`,
    scheme: 'standard',
    type: event.event,
    body: JSON.stringify(event),
    body_sha256: inbox_id,
    entity,
    job_id,
  })
  await world.accept(webhooksProcess, { inbox_id }, { id: job_id, entity })
}

test('a confirmed booking tells its own story', async () => {
  browser = await browserAt(site, '/admin/story/booking:42')
  await browser.picture('story-of-a-real-run')
  expect(await browser.page.locator('.summary').textContent()).toBe(
    'Booking 42 confirmed: e-mail accepted, SMS accepted, push accepted',
  )
})

test('the board shows how its jobs ended', async () => {
  browser = await browserAt(site, '/admin/queues/queue/sms.send?status=completed')
  await browser.page.getByText('booking:42').first().waitFor()
  await browser.page.waitForLoadState('networkidle')
  await browser.picture('board-completed')
  expect(await browser.page.getByText('completed').count()).toBeGreaterThan(0)
})

test('the outbox shows what the providers were sent', async () => {
  browser = await openBrowser([sandboxUrl])
  await browser.page.goto(`${sandboxUrl}/outbox`)
  await browser.picture('outbox')
  expect(await browser.page.locator('.card').count()).toBeGreaterThanOrEqual(3)
})
