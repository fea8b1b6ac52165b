import { afterAll, beforeAll, expect, test } from 'vitest'
import { loadCatalog } from '../../queues/catalog.ts'
import { acceptJobs } from '../../src/ledger/accept.ts'
import { type NewJob, newJob } from '../../src/ledger/new-job.ts'
import { givenStory } from '../operators/given-story.ts'
import { type OperatorSite, startOperatorSite } from '../operators/operator-site.ts'
import type { TestBrowser } from './browser.ts'
import { browserAt } from './sign-in.ts'

let site: OperatorSite
let browser: TestBrowser
let job: NewJob

beforeAll(async () => {
  site = await startOperatorSite()
  const { knex, run } = site.database
  await givenStory(knex, '42')
  const contract = (await loadCatalog()).get('notifications.send')
  if (!contract) throw new Error('no such contract')
  const payload = { user_id: 'user-7', template: 'booking-confirmation', booking_id: '42' }
  job = newJob(contract, payload, { entity: 'booking:42' })
  await acceptJobs(run, [job])
  await knex('hbnb_jobs.job_live').where({ id: job.id }).update({ state: 'queued', run: 1 })
  const copy = { id: job.id, run: 1, traceparent: null }
  await site.backend.queue(job.name).add(job.name, copy, { jobId: `${job.id}.1` })
  browser = await browserAt(site, '/admin/queues')
})
afterAll(async () => {
  await browser.close()
  await site.close()
})

test('lists the queues, grouped, with what they are about', async () => {
  await browser.page.getByText('notifications').first().waitFor()
  await browser.page.waitForLoadState('networkidle')
  await browser.picture('board-queues')
  browser.expectClean()
})

test('a queue shows the jobs as the ledger knows them', async () => {
  await browser.page.goto(`${site.url}/admin/queues/queue/notifications.send`)
  await browser.page.getByText('booking-confirmation').first().waitFor()
  await browser.page.waitForLoadState('networkidle')
  await browser.picture('board-queue')
  browser.expectClean()
})

test('a job leads to its story', async () => {
  await browser.page.goto(`${site.url}/admin/queues/queue/notifications.send/${job.id}.1`)
  await browser.page.getByText('booking-confirmation').first().waitFor()
  await browser.page.waitForLoadState('networkidle')
  await browser.picture('board-job')
  const link = browser.page.locator(`a[href$="/admin/story/job/${job.id}"]`).first()
  expect(await link.count()).toBe(1)
  await browser.page.goto(`${site.url}/admin/story/job/${job.id}`)
  expect(browser.page.url()).toBe(`${site.url}/admin/story/booking:42`)
  browser.expectClean()
})
