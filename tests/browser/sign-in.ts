import { createOperator } from '../../src/db/operators.ts'
import { createSignInLink } from '../../src/db/sessions.ts'
import type { OperatorSite } from '../operators/operator-site.ts'
import { openBrowser, type TestBrowser } from './browser.ts'

/** A browser in which a viewer has signed in by link and looks at `path`. */
export async function browserAt(
  site: OperatorSite,
  path: string,
  options: Parameters<typeof openBrowser>[1] = {},
): Promise<TestBrowser> {
  const email = 'ada@hbnb.example'
  await createOperator(site.database.knex, { email, password: null, role: 'viewer' })
  const link = await createSignInLink(site.database.knex, email)
  const browser = await openBrowser([site.url], options)
  await browser.page.goto(`${site.url}${link}?next=${encodeURIComponent(path)}`)
  await browser.page.getByRole('button', { name: 'Sign in' }).click()
  await browser.page.waitForURL(site.url + path)
  return browser
}
