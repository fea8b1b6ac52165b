import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { locales } from '../../src/domain/locale.ts'
import { templateNames } from '../../src/domain/notifications/template-names.ts'
import { renderTemplate } from '../../src/domain/notifications/templates/registry.ts'
import { sampleData } from '../../src/sandbox/outbox/sample-data.ts'
import { type Sandbox, startSandbox } from '../../src/sandbox/start-sandbox.ts'
import { openBrowser, type TestBrowser } from './browser.ts'

const smallPhonePx = 320

let sandbox: Sandbox
let browser: TestBrowser
beforeAll(async () => {
  sandbox = await startSandbox()
})
afterEach(async () => {
  browser.expectClean()
  await browser.close()
})
afterAll(() => sandbox.close())

test.each(locales)('every message can be looked at, in %s', async locale => {
  browser = await openBrowser([sandbox.url], { width: 1_240 })
  const { page } = browser
  await page.goto(`${sandbox.url}/outbox/templates?locale=${locale}`)
  for (const name of templateNames) {
    const message = page.locator(`[id="${name}"]`)
    await message.scrollIntoViewIfNeeded()
    for (const width of ['wide', 'narrow']) {
      await message.frameLocator(`iframe.${width}`).locator('h1').waitFor()
    }
    expect(await message.locator('.bubble').textContent()).toMatch(/^HBNB: /)
    expect(await message.locator('.cost').textContent()).toMatch(/^1 segment, GSM-7/)
  }
  await browser.picture(`messages-${locale}`)
})

test('a title can be tried out', async () => {
  browser = await openBrowser([sandbox.url])
  const { page } = browser
  await page.goto(`${sandbox.url}/outbox/templates?locale=en`)
  await page.getByLabel('Title of the place').fill('<b>Château</b> ❤️')
  await page.getByRole('button', { name: 'Try' }).click()
  await page.getByText('Welcome to HBNB').first().waitFor()
  expect(await page.locator('#booking-cancelled header').textContent()).toContain('cancelled: <b>Château</b> ❤️')
  expect(new URL(page.url()).searchParams.get('locale')).toBe('en')
})

test('no mail is wider than a small phone, whatever a place is called', async () => {
  browser = await openBrowser([], { width: smallPhonePx, height: 600 })
  const wider: string[] = []
  for (const name of templateNames) {
    for (const locale of locales) {
      const title = 'place_title' in sampleData[name] ? { place_title: 'Longère'.repeat(28) } : {}
      const { html } = renderTemplate(name, locale, { ...sampleData[name], ...title }).email
      await browser.page.setContent(html)
      const width = await browser.page.locator('html').evaluate(page => page.scrollWidth)
      if (width > smallPhonePx) wider.push(`${name} ${locale}: ${width}`)
    }
  }
  expect(wider).toEqual([])
})
