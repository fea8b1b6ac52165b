import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { givenStory } from '../operators/given-story.ts'
import { type OperatorSite, startOperatorSite } from '../operators/operator-site.ts'
import type { TestBrowser } from './browser.ts'
import { browserAt } from './sign-in.ts'

let site: OperatorSite
let browser: TestBrowser

beforeAll(async () => {
  site = await startOperatorSite()
  await givenStory(site.database.knex, '42')
  await givenStory(site.database.knex, '43', { until: 600 })
})
afterEach(async () => {
  browser.expectClean()
  await browser.close()
})
afterAll(() => site.close())

test('the story of a booking reads from top to bottom and fits the window', async () => {
  browser = await browserAt(site, '/admin/story/booking:42')
  await browser.picture('story-booking')
  expect(await browser.page.locator('.summary').textContent()).toBe(
    'Booking 42 confirmed: e-mail accepted, SMS accepted, push accepted; 1 crash survived; 1 retry',
  )
  const times = await browser.page.locator('.row time').allTextContents()
  expect([times[0], times.at(-1)]).toEqual(['+0 ms', '+6.43 s'])
  const overflow = await browser.page.locator('.scroll').evaluate(element => element.scrollWidth - element.clientWidth)
  expect(overflow).toBe(0)
})

test('no words of the picture are cut off', async () => {
  browser = await browserAt(site, '/admin/story/booking:42')
  const cut = await browser.page
    .locator('.say > *')
    .evaluateAll(parts => parts.filter(part => part.scrollWidth > part.clientWidth).map(part => part.textContent))
  expect(cut).toEqual([])
})

test('at night, while it is still going on', async () => {
  browser = await browserAt(site, '/admin/story/booking:43', { dark: true })
  await browser.picture('story-going-on-dark')
  expect(await browser.page.locator('.summary').textContent()).toContain('2 jobs still open')
})

test('the overview leads to stories', async () => {
  browser = await browserAt(site, '/admin')
  await browser.picture('overview')
  await browser.page.getByLabel('Entity or job id').fill('booking:42')
  await browser.page.getByRole('button', { name: 'Show' }).click()
  await browser.page.waitForURL(`${site.url}/admin/story/booking:42`)
})
