import { z } from 'zod'
import { maxKeyRequestsPerMinute } from '../../config/callers.ts'
import {
  createApiKey,
  type ListedApiKey,
  listApiKeys,
  type NewApiKey,
  revokeApiKey,
  rotateApiKey,
  scope,
  scopes,
} from '../../db/api-keys.ts'
import { isTestTenant, tenantName, testTenantOf } from '../../domain/test-tenant.ts'
import { durationWords } from '../../ledger/duration-words.ts'
import { instant } from '../../ledger/instant.ts'
import { defaultTenant } from '../../ledger/new-job.ts'
import { change } from '../change.ts'
import { answer, type Command, CommandFailed, type Invocation, textOption, UsageError } from '../command.ts'
import { instantOption, numberOption, spanMs } from '../read-time.ts'
import { table } from '../table.ts'

const usualScopes = 'jobs:write,jobs:read'
const usualOverlap = '24h'

const add: Command = {
  name: 'keys add',
  about: 'Make an API key. It is printed once and never again. What a test key causes goes to the sandbox alone.',
  takes: '<name> [--tenant <tenant>] [--scopes <scope,…>] [--test] [--expires <when>] [--per-minute <requests>]',
  examples: [
    'keys add flask-app',
    'keys add reports --tenant analytics --scopes jobs:read --expires 90d',
    'keys add flask-ci --test',
    'keys add importer --per-minute 600',
  ],
  options: {
    tenant: { type: 'string' },
    scopes: { type: 'string' },
    test: { type: 'boolean' },
    expires: { type: 'string' },
    'per-minute': { type: 'string' },
  },
  words: 1,
  changes: true,
  async run(invocation) {
    const asked = askedKey(invocation)
    const { name, tenant, isTest, expiresAt } = asked
    const made = await change(invocation, async ({ tx, note }) => {
      const key = await createApiKey(tx, asked)
      await note('key.add', `key:${key.id}`, {
        name,
        tenant,
        scopes: asked.scopes,
        test: isTest,
        expires_at: expiresAt,
      })
      return key
    })
    const worksFor = isTest ? testTenantOf(tenant) : tenant
    answer(
      invocation,
      { ...made, name, tenant: worksFor, scopes: asked.scopes, test: isTest, expires_at: expiresAt },
      `${made.key}\n\nKeep it now: only its hash is stored. It may ${asked.scopes.join(', ')} for tenant ${worksFor}${
        expiresAt === null ? '' : ` until ${instant(expiresAt)}`
      }.`,
    )
  },
}

function askedKey(invocation: Invocation): Required<NewApiKey> {
  const name = tenantName.safeParse(invocation.positionals[0])
  const tenant = tenantName.safeParse(textOption(invocation, 'tenant') ?? defaultTenant)
  if (!name.success || !tenant.success || isTestTenant(tenant.data)) {
    throw new UsageError('names and tenants have 1 to 64 letters, digits, blanks, dots, _ and -')
  }
  const wanted = (textOption(invocation, 'scopes') ?? usualScopes).split(',').map(text => text.trim())
  const allowed = z.array(scope).min(1).safeParse(wanted)
  if (!allowed.success) throw new UsageError(`--scopes takes some of ${scopes.join(',')}`)
  const isTest = invocation.options['test'] === true
  if (isTest && allowed.data.includes('jobs:any-tenant')) {
    throw new UsageError('a test key works for its test tenant alone: it cannot have jobs:any-tenant')
  }
  const expiresAt = instantOption('expires', textOption(invocation, 'expires'), { isAhead: true })
  if (expiresAt !== null && expiresAt.getTime() <= Date.now()) throw new UsageError('--expires must lie ahead')
  const perMinute = numberOption('per-minute', textOption(invocation, 'per-minute'), [1, maxKeyRequestsPerMinute])
  return {
    name: name.data,
    tenant: tenant.data,
    scopes: [...new Set(allowed.data)],
    isTest,
    expiresAt,
    requestsPerMinute: perMinute ?? null,
  }
}

const list: Command = {
  name: 'keys list',
  about: 'List all API keys ever made, without the keys.',
  takes: '',
  examples: ['keys list'],
  options: {},
  words: 0,
  async run(invocation) {
    const keys = await listApiKeys(invocation.database().knex)
    const rows = keys.map(key => [
      key.id,
      key.name,
      key.is_test ? testTenantOf(key.tenant) : key.tenant,
      key.scopes.join(','),
      key.requests_per_minute ?? '',
      instant(key.last_used_at),
      endOf(key),
    ])
    const text =
      rows.length > 0
        ? table(['id', 'name', 'tenant', 'scopes', 'per minute', 'last used', ''], rows)
        : 'No keys yet: make one with "keys add".'
    answer(invocation, keys, text)
  },
}

function endOf({ revoked_at, expires_at }: ListedApiKey): string {
  if (revoked_at !== null) return `revoked ${instant(revoked_at)}`
  if (expires_at === null) return ''
  return `${expires_at.getTime() <= Date.now() ? 'expired' : 'until'} ${instant(expires_at)}`
}

const rotate: Command = {
  name: 'keys rotate',
  about: 'Make the successor of an API key, which may do the same. Both work for a while, then only the new one.',
  takes: '<id> [--overlap <time>]',
  examples: [
    'keys rotate 0199a5f0-7c1e-7b3a-9d2e-3f4a5b6c7d8e',
    'keys rotate 0199a5f0-7c1e-7b3a-9d2e-3f4a5b6c7d8e --overlap 7d',
  ],
  options: { overlap: { type: 'string' } },
  words: 1,
  changes: true,
  async run(invocation) {
    const id = keyIdIn(invocation)
    const overlapMs = spanMs(textOption(invocation, 'overlap') ?? usualOverlap)
    if (overlapMs === undefined) throw new UsageError('--overlap takes a time such as 0s, 15m, 24h, 7d')
    const made = await change(invocation, async ({ tx, note }) => {
      const next = await rotateApiKey(tx, id, overlapMs)
      if (!next) throw new CommandFailed('there is no such key, or it has ended: see "keys list"')
      await note('key.rotate', `key:${id}`, { successor: next.id, old_ends_at: next.oldEndsAt })
      return next
    })
    answer(
      invocation,
      { id: made.id, key: made.key, replaces: id, old_ends_at: made.oldEndsAt },
      `${made.key}\n\nKeep it now: only its hash is stored. The old key ends ${instant(made.oldEndsAt)}, in ${durationWords(
        made.oldEndsAt.getTime() - Date.now(),
      )}.`,
    )
  },
}

const revoke: Command = {
  name: 'keys revoke',
  about: 'End an API key for good. Running processes obey within 10 seconds.',
  takes: '<id>',
  examples: ['keys revoke 0199a5f0-7c1e-7b3a-9d2e-3f4a5b6c7d8e'],
  options: {},
  words: 1,
  changes: true,
  async run(invocation) {
    const id = keyIdIn(invocation)
    await change(invocation, async ({ tx, note }) => {
      const isRevoked = await revokeApiKey(tx, id)
      if (!isRevoked) throw new CommandFailed('there is no such key, or it was revoked before: see "keys list"')
      await note('key.revoke', `key:${id}`)
    })
    answer(invocation, { id, revoked: true }, 'Revoked.')
  },
}

function keyIdIn({ positionals }: Invocation): string {
  const id = z.uuid().safeParse(positionals[0])
  if (!id.success) throw new UsageError('<id> is the id "keys list" shows, not the name or the key')
  return id.data
}

export const keyCommands: readonly Command[] = [add, list, rotate, revoke]
