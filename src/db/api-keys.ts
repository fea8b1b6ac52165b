import { hash, randomBytes } from 'node:crypto'
import type { Knex } from 'knex'
import { v7 } from 'uuid'
import { z } from 'zod'

/** What an API key may allow. `jobs:any-tenant`: to act for tenants other than its own, and to see all of them. */
export const scopes = [
  'jobs:write',
  'jobs:read',
  'schedules:write',
  'schedules:read',
  'platform:write',
  'platform:read',
  'notifications:write',
  'notifications:read',
  'inbox:write',
  'inbox:read',
  'jobs:any-tenant',
] as const

export const scope = z.enum(scopes)
export type Scope = z.output<typeof scope>

/** A caller known by its key. */
export interface ApiKey {
  /** What the caller is known by: stays the same when its key is rotated. */
  readonly id: string
  /** The key itself, as lists show it. */
  readonly keyId: string
  readonly name: string
  /** Whose jobs it makes and sees; of a test key, the test tenant beside its own. */
  readonly tenant: string
  readonly scopes: readonly string[]
  readonly test: boolean
  readonly expiresAt: Date | null
  /** Null: as the deployment's default says. */
  readonly requestsPerMinute: number | null
}

/** What somebody who makes a key may say about it. */
export interface NewApiKey {
  readonly name: string
  readonly tenant: string
  readonly scopes: readonly Scope[]
  /** Null or absent: it does not end by itself. */
  readonly expiresAt?: Date | null
  /** Null or absent: as the deployment's default says. */
  readonly requestsPerMinute?: number | null
  /** Its jobs reach only the sandbox. Such a key cannot have the scope jobs:any-tenant. */
  readonly isTest?: boolean
}

/** A key as a list shows it: never the key itself, which nobody has but its owner. */
export interface ListedApiKey {
  readonly id: string
  readonly name: string
  readonly tenant: string
  readonly scopes: readonly string[]
  readonly is_test: boolean
  /** The first key of its line; null where it is that itself. */
  readonly caller_id: string | null
  readonly requests_per_minute: number | null
  readonly created_at: Date
  readonly expires_at: Date | null
  readonly last_used_at: Date | null
  readonly revoked_at: Date | null
}

const table = 'hbnb_jobs.api_keys'
const keyBytes = 32

/** What a key looks like; test keys say so. */
export const keyForm = /^hbnb_(?:test_)?[A-Za-z0-9_-]{43}$/

/** Makes a key. The answer is the only place where it can ever be read: the table has its hash. */
export async function createApiKey(knex: Knex, asked: NewApiKey): Promise<{ id: string; key: string }> {
  const { name, tenant, isTest = false, expiresAt = null, requestsPerMinute = null } = asked
  const { key, row } = freshKey(isTest)
  await knex(table).insert({
    ...row,
    name,
    tenant,
    scopes: [...asked.scopes],
    expires_at: expiresAt,
    requests_per_minute: requestsPerMinute,
  })
  return { id: row.id, key }
}

function freshKey(isTest: boolean) {
  const id = v7()
  const key = `hbnb_${isTest ? 'test_' : ''}${randomBytes(keyBytes).toString('base64url')}`
  return { key, row: { id, is_test: isTest, key_sha256: sha256(key) } }
}

/** Ends a key; processes that have it in their cache obey within `keyCacheMs`. False when there was none to end. */
export async function revokeApiKey(knex: Knex, id: string): Promise<boolean> {
  const ended = await knex(table).where({ id, revoked_at: null }).update({ revoked_at: knex.fn.now() })
  return ended > 0
}

/**
 * Makes the successor of a key, which may do the same; the old one ends after `overlapMs`, or earlier if it would have
 * anyway. The successor of a key that ends lives as long as that was made to. Undefined when there is no such key any more.
 */
export async function rotateApiKey(
  knex: Knex,
  id: string,
  overlapMs: number,
): Promise<{ id: string; key: string; oldEndsAt: Date } | undefined> {
  return await knex.transaction(async tx => {
    const old = await tx(table)
      .where({ id, revoked_at: null })
      .whereRaw('(expires_at is null or expires_at > now())')
      .forUpdate()
      .first<ListedApiKey | undefined>()
    if (!old) return undefined
    const { name, tenant, scopes: allowed, requests_per_minute, caller_id, expires_at, created_at } = old
    const { key, row } = freshKey(old.is_test)
    const livesMs = expires_at === null ? null : expires_at.getTime() - created_at.getTime()
    await tx(table).insert({
      ...row,
      name,
      tenant,
      scopes: allowed,
      requests_per_minute,
      caller_id: caller_id ?? id,
      expires_at: livesMs === null ? null : new Date(Date.now() + livesMs),
    })
    const [ending] = await tx(table)
      .where({ id })
      .update({ expires_at: tx.raw(`least(expires_at, now() + ? * interval '1 millisecond')`, [overlapMs]) })
      .returning<{ expires_at: Date }[]>('expires_at')
    return { id: row.id, key, oldEndsAt: ending?.expires_at ?? new Date() }
  })
}

/** All keys ever made, oldest first. */
export async function listApiKeys(knex: Knex): Promise<ListedApiKey[]> {
  return await knex(table)
    .orderBy(['created_at', 'id'])
    .select<ListedApiKey[]>(
      'id',
      'name',
      'tenant',
      'scopes',
      'is_test',
      'caller_id',
      'requests_per_minute',
      'created_at',
      'expires_at',
      'last_used_at',
      'revoked_at',
    )
}

/** The hash keys are kept and compared by. Keys are long and random, so it needs neither salt nor slowness. */
export function sha256(text: string): string {
  return hash('sha256', text)
}
