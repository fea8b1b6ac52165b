import { afterAll, beforeAll, expect, test } from 'vitest'
import { createOperator } from '../../src/db/operators.ts'
import { createSignInLink } from '../../src/db/sessions.ts'
import { givenStory } from '../operators/given-story.ts'
import { type OperatorSite, startOperatorSite } from '../operators/operator-site.ts'
import { openBrowser, type TestBrowser } from './browser.ts'

let site: OperatorSite
const open: TestBrowser[] = []

beforeAll(async () => {
  site = await startOperatorSite()
  await createOperator(site.database.knex, { email: 'ada@hbnb.example', password: null, role: 'viewer' })
  await givenStory(site.database.knex, '42')
  await givenStory(site.database.knex, '43', { until: 600 })
})
afterAll(async () => {
  for (const browser of open) await browser.close()
  await site.close()
})

async function signedIn(path: string, options: Parameters<typeof openBrowser>[1] = {}): Promise<TestBrowser> {
  const browser = await openBrowser([site.url], options)
  open.push(browser)
  const link = await createSignInLink(site.database.knex, 'ada@hbnb.example')
  await browser.page.goto(`${site.url}${link}?next=${encodeURIComponent(path)}`)
  await browser.page.getByRole('button', { name: 'Sign in' }).click()
  await browser.page.waitForURL(site.url + path)
  return browser
}

test('the story of a booking reads from top to bottom', async () => {
  const browser = await signedIn('/admin/story/booking:42')
  await browser.picture('story-booking')
  expect(await browser.page.locator('.summary').textContent()).toBe(
    'Booking 42 confirmed: e-mail accepted, SMS accepted, push accepted; 1 crash survived; 1 retry',
  )
  browser.expectClean()
})

test('and at night, while it is still going on', async () => {
  const browser = await signedIn('/admin/story/booking:43', { dark: true })
  await browser.picture('story-going-on-dark')
  expect(await browser.page.locator('.summary').textContent()).toContain('still open')
  browser.expectClean()
})
