import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import type { Knex } from 'knex'
import { z } from 'zod'

/** What a person may do here; each role includes those before it. */
export const roles = ['viewer', 'operator', 'admin'] as const
export type Role = (typeof roles)[number]

/** An address as we compare it: trimmed and in lower case. */
export const operatorEmail = z.string().trim().toLowerCase().max(254).pipe(z.email())

const minPasswordChars = 12
/** Longer ones would only cost time: scrypt hashes them whole. */
const maxPasswordChars = 200
export const operatorPassword = z.string().min(minPasswordChars).max(maxPasswordChars)

export interface Operator {
  readonly email: string
  readonly role: Role
  readonly created_at: Date
  readonly disabled_at: Date | null
}

const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt)
/** One of the settings of OWASP's Password Storage Cheat Sheet: 32 MiB and about 0.1 s per try. */
const cost = { N: 32_768, r: 8, p: 3 }
const maxMemoryBytes = 64 * 1_024 * 1_024
const saltBytes = 16
const hashBytes = 32
/** Matches no password: for people who sign in by link only. */
const noPassword = 'none'

/** Adds a person, or changes the role and password of one who is there. `password: null` = sign-in links only. */
export async function createOperator(
  knex: Knex,
  { email, password, role }: { email: string; password: string | null; role: Role },
): Promise<void> {
  const password_scrypt = password === null ? noPassword : await hashPassword(password)
  await knex('hbnb_jobs.operators')
    .insert({ email, password_scrypt, role })
    .onConflict('email')
    .merge({ password_scrypt, role, disabled_at: null })
}

/**
 * Shuts a person out, at once: their sessions and unused links go with it. False when there is no enabled person of this
 * address. `createOperator` lets them in again.
 */
export async function disableOperator(knex: Knex, email: string): Promise<boolean> {
  return await knex.transaction(async tx => {
    const disabled = await tx('hbnb_jobs.operators')
      .where({ email, disabled_at: null })
      .update({ disabled_at: tx.fn.now() })
    await tx('hbnb_jobs.sessions').where({ operator_email: email }).delete()
    await tx('hbnb_jobs.sign_in_links').where({ operator_email: email, used_at: null }).delete()
    return disabled > 0
  })
}

/** In alphabetical order. */
export async function listOperators(knex: Knex): Promise<Operator[]> {
  return await knex('hbnb_jobs.operators').orderBy('email').select('email', 'role', 'created_at', 'disabled_at')
}

/** Whether this is the password of an enabled person. An unknown address costs the same time as a wrong password. */
export async function isPasswordOf(knex: Knex, email: string, password: string): Promise<boolean> {
  const row = await knex('hbnb_jobs.operators')
    .where({ email, disabled_at: null })
    .first<{ password_scrypt: string } | undefined>('password_scrypt')
  return await matches(password.slice(0, maxPasswordChars), row?.password_scrypt ?? noPassword)
}

async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(saltBytes)
  const hash = await derive(password, salt, hashBytes, { ...cost, maxmem: maxMemoryBytes })
  return ['scrypt', cost.N, cost.r, cost.p, salt.toString('base64url'), hash.toString('base64url')].join('$')
}

async function matches(password: string, stored: string): Promise<boolean> {
  const [scheme, N, r, p, salt = '', hash = ''] = stored.split('$')
  const isReal = scheme === 'scrypt'
  const wanted = isReal ? Buffer.from(hash, 'base64url') : randomBytes(hashBytes)
  const options = isReal ? { N: Number(N), r: Number(r), p: Number(p) } : cost
  const found = await derive(password, Buffer.from(salt, 'base64url'), hashBytes, {
    ...options,
    maxmem: maxMemoryBytes,
  })
  return wanted.length === found.length && timingSafeEqual(wanted, found) && isReal
}
