import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type OperatorSite, startOperatorSite } from '../operators/operator-site.ts'
import { givenInboxEvent } from '../support/given-inbox.ts'
import type { TestBrowser } from './browser.ts'
import { browserAt } from './sign-in.ts'

let site: OperatorSite
let browser: TestBrowser
let failed: { readonly id: string }

beforeAll(async () => {
  site = await startOperatorSite()
  const data = { version: 3, place_id: 'p-1', guest_id: 'u-7', status: 'confirmed', check_in: '2026-12-24' }
  for (const [index, state] of (['processed', 'processed', 'ignored', 'waiting'] as const).entries()) {
    const about = { entity: `booking:${40 + index}`, atMs: Date.now() - (9 - index) * 60_000 }
    const strange = { type: 'booking.moved', reason: 'events of this type are not known here' }
    await givenInboxEvent(site.database, { state, ...about, ...(state === 'ignored' ? strange : {}) })
  }
  const body = { event: 'booking.confirmed', booking_id: '44', sequence: 2, note: 'call me', data }
  const reason = 'the platform has not told us of this booking or its place'
  failed = await givenInboxEvent(site.database, { state: 'failed', entity: 'booking:44', body, reason })
})
afterEach(async () => {
  browser.expectClean()
  await browser.close()
})
afterAll(() => site.close())

test('an operator finds what failed and replays it', async () => {
  browser = await browserAt(site, '/admin', { role: 'operator' })
  const { page } = browser
  await page.getByRole('navigation').getByRole('link', { name: 'Inbox' }).click()
  await browser.picture('inbox')
  expect(await page.locator('tbody tr').count()).toBe(5)
  await page.getByLabel('state').selectOption('failed')
  await page.getByRole('button', { name: 'Show' }).click()
  expect(await page.locator('tbody tr').count()).toBe(1)
  await page.locator('tbody tr a').first().click()
  await page.waitForURL(`${site.url}/admin/inbox/${failed.id}`)
  await browser.picture('inbox-event')
  await page.getByRole('button', { name: 'Replay' }).click()
  await page.waitForURL(`${site.url}/admin/inbox/${failed.id}`)
  expect(await page.locator('.facts-list .state').textContent()).toBe('waiting')
  expect(await page.getByRole('button', { name: 'Replay' }).count()).toBe(0)
  await page.getByRole('link', { name: 'story' }).first().click()
  await page.waitForURL(`${site.url}/admin/story/booking:44`)
})

test('at night, on a narrow screen, nothing hangs over', async () => {
  browser = await browserAt(site, `/admin/inbox/${failed.id}`, { dark: true, width: 420 })
  await browser.picture('inbox-event-narrow-dark')
  const overflow = await browser.page.locator('html').evaluate(root => root.scrollWidth - root.clientWidth)
  expect(overflow).toBe(0)
})
