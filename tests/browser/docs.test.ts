import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { createApiKey } from '../../src/db/api-keys.ts'
import { startIntake, type TestIntake, testKey } from '../support/intake.ts'
import { openBrowser, type TestBrowser } from './browser.ts'

let intake: TestIntake
let browser: TestBrowser

beforeAll(async () => {
  intake = await startIntake()
})
beforeEach(async () => {
  browser = await openBrowser([intake.url])
  await browser.page.goto(`${intake.url}/docs`)
})
afterEach(() => browser.close())
afterAll(() => intake.close())

/** Opens the form of an operation. */
async function formOf(id: string) {
  const section = browser.page.locator(`[id="${id}"]`)
  await section.getByText('Try it', { exact: true }).click()
  return {
    fill: (label: string | RegExp, text: string) => section.getByLabel(label).fill(text),
    /** Sends it, and answers the status and the body once both are there. */
    async send() {
      await section.getByRole('button', { name: 'Send' }).click()
      await section
        .locator('.status')
        .filter({ hasText: /^\d{3}\b/ })
        .waitFor()
      await section.locator('.stop').waitFor({ state: 'hidden' })
      return {
        status: await section.locator('.status').textContent(),
        body: await section.locator('.body').textContent(),
        call: await section.locator('.call').textContent(),
      }
    },
  }
}

test('a job is made, shown and followed without leaving the page', async () => {
  await browser.picture('docs')
  await browser.page.getByLabel(/To try things out/).fill(testKey)
  const make = await formOf('accept-notifications.send')
  const made = await make.send()
  expect(made.status).toContain('202')
  expect(made.call).toContain('$HBNB_API_KEY')
  expect(made.call).not.toContain(testKey)
  await browser.page.locator('[id="accept-notifications.send"]').scrollIntoViewIfNeeded()
  await browser.picture('docs-try-it')

  const { id } = JSON.parse(made.body ?? '')
  const cancel = await formOf('cancelJob')
  await cancel.fill(/^id/, id)
  expect((await cancel.send()).status).toContain('200')
  const follow = await formOf('followJob')
  await follow.fill(/^id/, id)
  expect((await follow.send()).body).toContain('event: end')
  browser.expectClean()
})

test('a refusal is shown as it is', async () => {
  await browser.page.getByLabel(/To try things out/).fill(testKey)
  const make = await formOf('accept-notifications.send')
  await make.fill('Body', '{"nobody_knows_this": 1}')
  const { status, body } = await make.send()
  expect(status).toContain('422')
  expect(body).toContain('/problems/invalid-payload')
  browser.expectOnly(/status of 422/)
})

test('the key is kept nowhere, and a live one is named so', async () => {
  const field = browser.page.getByLabel(/To try things out/)
  const note = browser.page.locator('#key-note')
  const live = await createApiKey(intake.database.knex, { name: 'live', tenant: 'a', scopes: ['jobs:read'] })
  const tests = await createApiKey(intake.database.knex, {
    name: 't',
    tenant: 'a',
    scopes: ['jobs:read'],
    isTest: true,
  })
  await field.fill(live.key)
  expect(await note.textContent()).toContain('live key')
  await field.fill(tests.key)
  expect(await note.textContent()).toBe('')
  const self = await formOf('showKey')
  expect((await self.send()).body).toContain('"tenant": "a:test"')
  const kept = await browser.page.evaluate('JSON.stringify([localStorage, sessionStorage, document.cookie])')
  expect(kept).toBe('[{},{},""]')
  await browser.page.reload()
  expect(await field.inputValue()).toBe('')
  browser.expectClean()
})
