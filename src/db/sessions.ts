import { createHash, randomBytes } from 'node:crypto'
import type { Knex } from 'knex'
import type { Role } from './operators.ts'

export const sessionHours = 12
const linkMinutes = 15
const tokenBytes = 32

/** A person who is signed in; `csrf` belongs into every form of theirs. */
export interface Session {
  readonly email: string
  readonly role: Role
  readonly csrf: string
}

// A token of 256 random bits needs no slow hash: the table must only not hold what opens the door.
const hashed = (token: string): string => createHash('sha256').update(token).digest('hex')
const newToken = (): string => randomBytes(tokenBytes).toString('base64url')

/** Signs a person in. The token goes into their cookie; only its hash is kept. */
export async function openSession(knex: Knex, email: string): Promise<{ token: string }> {
  const token = newToken()
  await knex('hbnb_jobs.sessions').where('expires_at', '<', knex.fn.now()).delete()
  await knex('hbnb_jobs.sessions').insert({
    token_sha256: hashed(token),
    operator_email: email,
    csrf: newToken(),
    expires_at: knex.raw(`now() + ? * interval '1 hour'`, [sessionHours]),
  })
  return { token }
}

/** Undefined when the token is unknown or too old, or its person was disabled. */
export async function findSession(knex: Knex, token: string): Promise<Session | undefined> {
  return await knex('hbnb_jobs.sessions as s')
    .join('hbnb_jobs.operators as o', 'o.email', 's.operator_email')
    .where('s.token_sha256', hashed(token))
    .where('s.expires_at', '>', knex.fn.now())
    .whereNull('o.disabled_at')
    .first<Session | undefined>('o.email', 'o.role', 's.csrf')
}

export async function endSession(knex: Knex, token: string): Promise<void> {
  await knex('hbnb_jobs.sessions')
    .where({ token_sha256: hashed(token) })
    .delete()
}

/** Makes a link that signs this person in once, within 15 minutes. Answers its path; throws when there is no such person. */
export async function createSignInLink(knex: Knex, email: string): Promise<string> {
  const token = newToken()
  const person = await knex('hbnb_jobs.operators')
    .where({ email, disabled_at: null })
    .first<{ email: string } | undefined>('email')
  if (!person) throw new Error(`there is no operator ${email}: add one with "npm run jobs -- operators add ${email}"`)
  await knex('hbnb_jobs.sign_in_links').where('expires_at', '<', knex.fn.now()).delete()
  await knex('hbnb_jobs.sign_in_links').insert({
    token_sha256: hashed(token),
    operator_email: email,
    expires_at: knex.raw(`now() + ? * interval '1 minute'`, [linkMinutes]),
  })
  return `/login/link/${token}`
}

/** Whether a link would still sign somebody in. Changes nothing. */
export async function isLinkGood(knex: Knex, token: string): Promise<boolean> {
  const row = await knex('hbnb_jobs.sign_in_links')
    .where({ token_sha256: hashed(token), used_at: null })
    .where('expires_at', '>', knex.fn.now())
    .first('token_sha256')
  return row !== undefined
}

/** Spends a link: exactly one caller gets its person, all others undefined. */
export async function spendLink(knex: Knex, token: string): Promise<string | undefined> {
  const [row] = await knex('hbnb_jobs.sign_in_links')
    .where({ token_sha256: hashed(token), used_at: null })
    .where('expires_at', '>', knex.fn.now())
    .whereIn('operator_email', knex('hbnb_jobs.operators').whereNull('disabled_at').select('email'))
    .update({ used_at: knex.fn.now() })
    .returning<{ operator_email: string }[]>('operator_email')
  return row?.operator_email
}
