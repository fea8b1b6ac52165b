import { afterAll, expect, it } from 'vitest'
import { locales } from '../../src/domain/locale.ts'
import { templateNames } from '../../src/domain/notifications/template-names.ts'
import { startSandbox } from '../../src/sandbox/start-sandbox.ts'

const sandbox = await startSandbox()
afterAll(() => sandbox.close())

async function messages(query: Record<string, string>): Promise<{ page: string; policy: string }> {
  const response = await fetch(`${sandbox.url}/outbox/templates?${new URLSearchParams(query).toString()}`)
  expect(response.status).toBe(200)
  return { page: await response.text(), policy: response.headers.get('content-security-policy') ?? '' }
}

it.each(locales)('shows every message in %s, on a screen, a phone, as SMS and as push', async locale => {
  const { page } = await messages({ locale })
  for (const name of templateNames) expect(page).toContain(`id="${name}"`)
  expect(page.match(/<iframe sandbox class="wide"/g)).toHaveLength(templateNames.length)
  expect(page.match(/<iframe sandbox class="narrow"/g)).toHaveLength(templateNames.length)
  expect(page.match(/1 segment, GSM-7, \d+ septets/g)).toHaveLength(templateNames.length)
  expect(page).toContain(locale === 'fr' ? 'Bienvenue sur HBNB' : 'Welcome to HBNB')
})

it('is French when it is not told what to be', async () => {
  expect((await messages({ locale: 'de' })).page).toContain('Bienvenue sur HBNB')
})

it('tries a title out, and lets nothing in it run or load', async () => {
  const title = `"><script>alert('x')</script>&amp;`
  const { page, policy } = await messages({ locale: 'en', title })
  expect(page).toContain('Booking confirmation: &quot;&gt;&lt;script')
  expect(page).not.toContain('<script')
  expect(policy).toContain("default-src 'none'")
  expect((await messages({ title: 'x'.repeat(501) })).page).toContain('Maison des Dunes')
})
