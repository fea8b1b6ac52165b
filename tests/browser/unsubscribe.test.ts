import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { locales } from '../../src/domain/locale.ts'
import { unsubscribeTokens } from '../../src/unsubscribe/token.ts'
import { unsubscribeWords } from '../../src/intake/pages/unsubscribe-words.ts'
import { startIntake, type TestIntake } from '../support/intake.ts'
import { openBrowser, type TestBrowser } from './browser.ts'

const smallPhonePx = 320

let intake: TestIntake
let browser: TestBrowser
beforeAll(async () => {
  intake = await startIntake()
})
afterEach(async () => {
  await browser.close()
})
afterAll(() => intake.close())

const cases = locales.flatMap(locale => [
  { locale, look: 'light', dark: false, width: 1_280 },
  { locale, look: 'dark', dark: true, width: smallPhonePx },
])

test.each(cases)('a reader unsubscribes and comes back, in $locale, $look, $width wide', async chosen => {
  const { locale, look, dark, width } = chosen
  browser = await openBrowser([intake.url], { dark, width, height: 640 })
  const { page } = browser
  const addressSha256 = `${locale}${width}`.padEnd(64, '0').replace(/[^0-9a-f]/g, 'a')
  const { seal } = unsubscribeTokens(intake.config.mail.unsubscribeSecrets)
  const words = unsubscribeWords[locale]
  const name = words.categories.review

  await page.goto(`${intake.url}/unsubscribe/${seal({ addressSha256, locale, category: 'review' })}`)
  expect(await page.locator('html').getAttribute('lang')).toMatch(new RegExp(`^${locale}-`))
  await page.getByRole('heading', { name: words.ask(name) }).waitFor()
  await browser.picture(`unsubscribe-${locale}-${look}`)
  expect(await page.locator('html').evaluate(root => root.scrollWidth - root.clientWidth)).toBe(0)
  await page.getByRole('button', { name: words.unsubscribe }).click()
  await page.getByText(words.without(name)).waitFor()
  await browser.picture(`unsubscribed-${locale}-${look}`)
  await page.getByRole('button', { name: words.subscribe }).click()
  await page.getByText(words.withAgain(name)).waitFor()
  browser.expectClean()
})

test('a link that was cut says so', async () => {
  browser = await openBrowser([intake.url], { height: 640 })
  await browser.page.goto(`${intake.url}/unsubscribe/cut-off`)
  await browser.page.getByRole('heading', { name: unsubscribeWords.en.unknown }).waitFor()
  await browser.picture('unsubscribe-unknown')
  browser.expectOnly(/404/)
})
