import { createOperator, type Role } from '../../src/db/operators.ts'
import { createSignInLink } from '../../src/db/sessions.ts'
import type { OperatorSite } from './operator-site.ts'
import { formTokenIn, type Visitor, visitorOf } from './visitor.ts'

/** A new person of this role, already signed in. */
export async function signedIn(site: OperatorSite, role: Role = 'viewer'): Promise<Visitor> {
  const email = `${role}@hbnb.example`
  await createOperator(site.database.knex, { email, password: null, role })
  const path = await createSignInLink(site.database.knex, email)
  const visitor = visitorOf(site.url)
  await visitor.post(path, { form_token: formTokenIn(await visitor.get(path)), next: '/admin' })
  return visitor
}
