import { createOperator, type Role } from '../../src/db/operators.ts'
import { createSignInLink } from '../../src/db/sessions.ts'
import type { OperatorSite } from '../operators/operator-site.ts'
import { openBrowser, type TestBrowser } from './browser.ts'

/** A browser in which a person of this role has signed in by link and looks at `path`. */
export async function browserAt(
  site: OperatorSite,
  path: string,
  { role = 'viewer', ...options }: Parameters<typeof openBrowser>[1] & { readonly role?: Role } = {},
): Promise<TestBrowser> {
  const email = `${role}@hbnb.example`
  await createOperator(site.database.knex, { email, password: null, role })
  const link = await createSignInLink(site.database.knex, email)
  const browser = await openBrowser([site.url], options)
  await browser.page.goto(`${site.url}${link}?next=${encodeURIComponent(path)}`)
  await browser.page.getByRole('button', { name: 'Sign in' }).click()
  await browser.page.waitForURL(site.url + path)
  return browser
}
