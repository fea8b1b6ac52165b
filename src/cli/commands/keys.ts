import { z } from 'zod'
import { createApiKey, listApiKeys, revokeApiKey, scope, scopes } from '../../db/api-keys.ts'
import { defaultTenant } from '../../ledger/new-job.ts'
import { answer, type Command, CommandFailed, textOption, UsageError } from '../command.ts'
import { instant, table } from '../table.ts'

/** What a name of ours looks like: it goes into lists and logs. */
const plainName = z.string().regex(/^[\w .-]{1,64}$/)

const add: Command = {
  name: 'keys add',
  about: 'Make an API key. It is printed once and never again.',
  takes: '<name> [--tenant <tenant>] [--scopes <scope,…>]',
  examples: ['keys add flask-app', 'keys add reports --tenant analytics --scopes jobs:read'],
  options: { tenant: { type: 'string' }, scopes: { type: 'string' } },
  words: 1,
  async run(invocation) {
    const name = plainName.safeParse(invocation.positionals[0])
    const tenant = plainName.safeParse(textOption(invocation, 'tenant') ?? defaultTenant)
    if (!name.success || !tenant.success) {
      throw new UsageError('names and tenants have 1 to 64 letters, digits, blanks, dots, _ and -')
    }
    const wanted = (textOption(invocation, 'scopes') ?? scopes.join(',')).split(',').map(text => text.trim())
    const allowed = z.array(scope).min(1).safeParse(wanted)
    if (!allowed.success) throw new UsageError(`--scopes takes some of ${scopes.join(',')}`)
    const { knex } = invocation.database()
    const made = await createApiKey(knex, { name: name.data, tenant: tenant.data, scopes: allowed.data })
    answer(
      invocation,
      { ...made, name: name.data, tenant: tenant.data, scopes: allowed.data },
      `${made.key}\n\nKeep it now: only its hash is stored. It may ${allowed.data.join(', ')} for tenant ${tenant.data}.`,
    )
  },
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
      key.tenant,
      key.scopes.join(','),
      instant(key.last_used_at),
      key.revoked_at === null ? '' : `revoked ${instant(key.revoked_at)}`,
    ])
    const text =
      rows.length > 0
        ? table(['id', 'name', 'tenant', 'scopes', 'last used', ''], rows)
        : 'No keys yet: make one with "keys add".'
    answer(invocation, keys, text)
  },
}

const revoke: Command = {
  name: 'keys revoke',
  about: 'End an API key for good. Running processes obey within 10 seconds.',
  takes: '<id>',
  examples: ['keys revoke 0199a5f0-7c1e-7b3a-9d2e-3f4a5b6c7d8e'],
  options: {},
  words: 1,
  async run(invocation) {
    const id = z.uuid().safeParse(invocation.positionals[0])
    if (!id.success) throw new UsageError('<id> is the id "keys list" shows, not the name or the key')
    const revoked = await revokeApiKey(invocation.database().knex, id.data)
    if (!revoked) throw new CommandFailed('there is no such key, or it was revoked before: see "keys list"')
    answer(invocation, { id: id.data, revoked }, 'Revoked.')
  },
}

export const keyCommands: readonly Command[] = [add, list, revoke]
