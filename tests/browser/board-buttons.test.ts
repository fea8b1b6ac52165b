import type { Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import notificationsSend from '../../queues/notifications/send.ts'
import { listSettings } from '../../src/ledger/settings.ts'
import { endAs, givenOpen } from '../operators/given-job.ts'
import { type OperatorSite, startOperatorSite } from '../operators/operator-site.ts'
import { until } from '../support/until.ts'
import type { TestBrowser } from './browser.ts'
import { browserAt } from './sign-in.ts'

const payload = { user_id: 'user-7', template: 'booking-confirmation', booking_id: '42' }
const patienceMs = 8_000
const queuePath = '/admin/queues/queue/notifications.send'
let site: OperatorSite
let browser: TestBrowser

beforeAll(async () => {
  site = await startOperatorSite()
})
afterEach(() => browser.close())
afterAll(() => site.close())

async function givenFailed(): Promise<string> {
  const id = await givenOpen(site.database, notificationsSend, payload, { entity: 'booking:42' })
  await endAs(site.database, id, 'failed')
  return id
}

async function audited(action: string) {
  return await site.database.knex('hbnb_jobs.audit_log').where({ action }).orderBy('id')
}

/** The icons of a job's card, in the order retry, duplicate, change data, clean; their names are only tooltips. */
function buttonsOf(page: Page, jobId: string): Locator {
  return page.getByText(jobId, { exact: true }).locator('xpath=ancestor::*[.//button][1]').locator('button')
}

async function confirm(page: Page, question: string): Promise<void> {
  const dialog = page.getByRole('alertdialog').or(page.getByRole('dialog'))
  await dialog.getByText(question).waitFor()
  await browser.picture(`board-confirm-${question.split(' ')[0]}`)
  await dialog.getByRole('button', { name: 'Confirm' }).click()
}

test('an operator retries a failed job, and its story and the audit log tell of it', async () => {
  const id = await givenFailed()
  browser = await browserAt(site, `${queuePath}?status=failed`, { role: 'operator' })
  const { page } = browser
  page.setDefaultTimeout(patienceMs)
  await page.waitForLoadState('networkidle')
  await browser.picture('board-failed')
  await page.getByText('SendGrid refused it').first().waitFor()
  await buttonsOf(page, id).first().click()
  await confirm(page, 'retry this job')
  await until('the job waits again', async () => {
    return await site.database.knex('hbnb_jobs.job_live').where({ id, state: 'accepted' }).first()
  })
  browser.expectClean()
  expect(await audited('job.retry')).toMatchObject([{ actor: 'operator@hbnb.example', target: `job:${id}` }])

  await page.goto(`${site.url}/admin/story/booking:42`)
  await page.getByText('notifications.send failed').waitFor()
  await browser.picture('story-retried')
  await page.goto(`${site.url}/admin/audit`)
  await page.getByText('job.retry').waitFor()
  await browser.picture('audit')
  browser.expectClean()
})

test('an operator pauses a queue and resumes it', async () => {
  browser = await browserAt(site, queuePath, { role: 'operator' })
  const { page } = browser
  page.setDefaultTimeout(patienceMs)
  const isPaused = async () => (await listSettings(site.database.run)).some(({ pausedAt }) => pausedAt !== null)
  await page.waitForLoadState('networkidle')
  await openQueueMenu(page)
  await browser.picture('board-queue-menu')
  await page.getByRole('menuitem', { name: 'Pause' }).click()
  await confirm(page, 'pause')
  await until('the queue is paused', isPaused)
  expect(await listSettings(site.database.run)).toMatchObject([
    { name: 'notifications.send', pausedBy: 'operator@hbnb.example', pausedReason: 'paused in Bull Board' },
  ])
  await page.reload()
  await page.waitForLoadState('networkidle')
  await browser.picture('board-paused')
  await openQueueMenu(page)
  await page.getByRole('menuitem', { name: 'Resume' }).click()
  await confirm(page, 'resume')
  await until('the queue goes on', async () => !(await isPaused()))
  browser.expectClean()
  expect(await audited('queue.resume')).toMatchObject([{ detail: { was_paused: true } }])
})

/** The three dots beside the tabs. */
async function openQueueMenu(page: Page): Promise<void> {
  await page.locator('main button[aria-haspopup="menu"]').last().click()
}

test('what nobody may do is refused in words', async () => {
  browser = await browserAt(site, queuePath, { role: 'admin' })
  const { page } = browser
  page.setDefaultTimeout(patienceMs)
  await page.waitForLoadState('networkidle')
  await openQueueMenu(page)
  await page.getByRole('menuitem', { name: 'Empty' }).click()
  await confirm(page, 'empty')
  await page.getByText('The ledger keeps every job until its retention is over').waitFor()
  await browser.picture('board-refused')
  browser.expectOnly(/403 \(Forbidden\)/)
})

test('an operator adds a job by hand', async () => {
  browser = await browserAt(site, queuePath, { role: 'operator' })
  const { page } = browser
  page.setDefaultTimeout(patienceMs)
  await page.waitForLoadState('networkidle')
  await openQueueMenu(page)
  await page.getByRole('menuitem', { name: 'Add job' }).click()
  await page.getByRole('dialog').getByText('Job data').waitFor()
  await page.waitForLoadState('networkidle')
  await browser.picture('board-add')
  const data = page.getByRole('dialog').locator('.cm-content').first()
  await data.fill(JSON.stringify({ ...payload, booking_id: '77' }))
  await page.getByRole('dialog').getByRole('button', { name: 'Add' }).click()
  await until('the job is there', async () => {
    const rows = await site.database.knex('hbnb_jobs.jobs').whereRaw(`payload->>'booking_id' = '77'`)
    return rows.length === 1
  })
  browser.expectClean()
  expect(await audited('job.add')).toHaveLength(1)
})

test('a viewer finds no buttons, and a request made up in their browser changes nothing', async () => {
  const id = await givenFailed()
  browser = await browserAt(site, `${queuePath}?status=failed`, { role: 'viewer' })
  const { page } = browser
  page.setDefaultTimeout(patienceMs)
  await page.getByText(id).first().waitFor()
  await page.waitForLoadState('networkidle')
  await browser.picture('board-viewer')
  expect(await page.getByText('Retry all').count()).toBe(0)
  expect(await page.getByText('Clean all').count()).toBe(0)
  expect(await page.locator('main button[aria-haspopup="menu"]').count()).toBe(0)
  browser.expectClean()

  const cookies = await page.context().cookies(`${site.url}/admin/queues`)
  const token = cookies.find(({ name }) => name === 'XSRF-TOKEN')?.value ?? ''
  const path = `/admin/queues/api/queues/notifications.send/${id}/retry`
  const status = await page.evaluate(
    async ([address, header]) => (await fetch(address, { method: 'PUT', headers: { 'x-xsrf-token': header } })).status,
    [path, token] as const,
  )
  expect(status).toBe(403)
  expect(await site.database.knex('hbnb_jobs.job_outcomes').where({ id, outcome: 'failed' })).toHaveLength(1)
  expect((await audited('job.retry')).at(-1)).toMatchObject({ actor: 'viewer@hbnb.example', detail: { refused: 403 } })
  browser.expectOnly(/403 \(Forbidden\)/)
})
