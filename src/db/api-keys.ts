import { createHash, randomBytes } from 'node:crypto'
import type { Knex } from 'knex'
import { v7 } from 'uuid'
import { z } from 'zod'
import type { RunStatement } from './statement.ts'

/** What an API key may allow. */
export const scopes = ['jobs:write', 'jobs:read'] as const

export const scope = z.enum(scopes)
export type Scope = z.output<typeof scope>

/** A caller known by its key. */
export interface ApiKey {
  readonly id: string
  readonly tenant: string
  readonly scopes: readonly string[]
}

/** A key as a list shows it: never the key itself, which nobody has but its owner. */
export interface ListedApiKey extends ApiKey {
  readonly name: string
  readonly created_at: Date
  readonly last_used_at: Date | null
  readonly revoked_at: Date | null
}

const keyBytes = 32
const keyForm = /^hbnb_[A-Za-z0-9_-]{43}$/

/** Makes a key. The answer is the only place where it can ever be read: the table has its hash. */
export async function createApiKey(
  knex: Knex,
  { name, tenant, scopes: allowed }: { name: string; tenant: string; scopes: readonly Scope[] },
): Promise<{ id: string; key: string }> {
  const id = v7()
  const key = `hbnb_${randomBytes(keyBytes).toString('base64url')}`
  await knex('hbnb_jobs.api_keys').insert({ id, name, tenant, scopes: [...allowed], key_sha256: sha256(key) })
  return { id, key }
}

/** Ends a key; processes that have it in their cache obey within {@link keyCacheMs}. False when there was none to end. */
export async function revokeApiKey(knex: Knex, id: string): Promise<boolean> {
  const ended = await knex('hbnb_jobs.api_keys').where({ id, revoked_at: null }).update({ revoked_at: knex.fn.now() })
  return ended > 0
}

/** All keys ever made, oldest first. */
export async function listApiKeys(knex: Knex): Promise<ListedApiKey[]> {
  return await knex('hbnb_jobs.api_keys')
    .orderBy('created_at')
    .select<ListedApiKey[]>('id', 'name', 'tenant', 'scopes', 'created_at', 'last_used_at', 'revoked_at')
}

const findStatement = {
  name: 'api-key-find',
  text: `
    update hbnb_jobs.api_keys set last_used_at = now() where key_sha256 = $1 and revoked_at is null
    returning id, tenant, scopes`,
}

/** How long a key found is believed without asking again. */
export const keyCacheMs = 10_000
const maxKeysCached = 1_000

/** Finds keys by their hash, through a small cache per process. Undefined: not known, or revoked. */
export function apiKeyFinder(
  run: RunStatement,
  nowMs: () => number = () => performance.now(),
): (key: string) => Promise<ApiKey | undefined> {
  const cached = new Map<string, { found: Promise<ApiKey | undefined>; untilMs: number }>()

  async function look(hash: string): Promise<ApiKey | undefined> {
    try {
      const [row] = await run<ApiKey>(findStatement, [hash])
      // Only keys that exist are kept: guesses must not push them out.
      if (!row) cached.delete(hash)
      return row
    } catch (error) {
      cached.delete(hash)
      throw error
    }
  }

  return async key => {
    if (!keyForm.test(key)) return undefined
    const hash = sha256(key)
    const known = cached.get(hash)
    if (known && known.untilMs > nowMs()) return await known.found
    cached.delete(hash)
    const [oldest] = cached.keys()
    if (cached.size >= maxKeysCached && oldest !== undefined) cached.delete(oldest)
    const found = look(hash)
    cached.set(hash, { found, untilMs: nowMs() + keyCacheMs })
    return await found
  }
}

/** The hash keys are kept and compared by. Keys are long and random, so it needs neither salt nor slowness. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
