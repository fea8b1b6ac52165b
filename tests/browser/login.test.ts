import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { createOperator } from '../../src/db/operators.ts'
import { createSignInLink } from '../../src/db/sessions.ts'
import { type OperatorSite, startOperatorSite } from '../operators/operator-site.ts'
import { openBrowser, type TestBrowser } from './browser.ts'

const person = { email: 'grace@hbnb.example', password: 'a long enough password' }
let site: OperatorSite
let browser: TestBrowser

beforeAll(async () => {
  site = await startOperatorSite()
  await createOperator(site.database.knex, { ...person, role: 'viewer' })
})
beforeEach(async () => {
  browser = await openBrowser([site.url])
})
afterEach(() => browser.close())
afterAll(() => site.close())

async function fillIn(password: string): Promise<void> {
  await browser.page.getByLabel('E-mail').fill(person.email)
  await browser.page.getByLabel('Password').fill(password)
  await browser.page.getByRole('button', { name: 'Sign in' }).click()
}

test('a wrong password says so and keeps the door shut', async () => {
  await browser.page.goto(`${site.url}/admin`)
  await fillIn('not the password')
  expect(await browser.page.getByRole('alert').textContent()).toContain('do not belong together')
  await browser.picture('login-refused')
  // The browser itself notes the answer 401 in its console; nothing else may be there.
  browser.expectOnly(/status of 401/)
})

test('the right one opens the page that was asked for, and signing out closes it', async () => {
  await browser.page.goto(`${site.url}/admin/story?of=booking:42`)
  await browser.picture('login')
  await fillIn(person.password)
  await browser.page.waitForURL(/\/admin\/story\//)
  browser.expectOnly(/status of 404/)
  await browser.page.getByRole('button', { name: 'Sign out' }).click()
  await browser.page.waitForURL(`${site.url}/login`)
  await browser.page.goto(`${site.url}/admin`)
  expect(browser.page.url()).toBe(`${site.url}/login?next=%2Fadmin`)
  browser.expectClean()
})

test('a link signs in by its button, once', async () => {
  const link = site.url + (await createSignInLink(site.database.knex, person.email))
  await browser.page.goto(link)
  await browser.picture('login-link')
  await browser.page.getByRole('button', { name: 'Sign in' }).click()
  await browser.page.waitForURL(`${site.url}/admin`)
  browser.expectClean()
  await browser.page.goto(link)
  expect(await browser.page.getByRole('heading').first().textContent()).toBe('This link is spent')
})
