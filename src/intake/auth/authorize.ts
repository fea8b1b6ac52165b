import type { Request } from 'express'
import type { Config } from '../../config/load.ts'
import { type ApiKey, apiKeyFinder, type Scope, scopes, sha256 } from '../../db/api-keys.ts'
import type { RunStatement } from '../../db/statement.ts'
import { defaultTenant } from '../../ledger/new-job.ts'
import { Problem } from '../http/problem.ts'

/** Answers who asks, or throws no-api-key, bad-api-key or scope-missing (RFC 6750 challenges). */
export type Authorize = (request: Request, scope: Scope) => Promise<ApiKey>

const realm = 'Bearer realm="hbnb-jobs"'

export function authorizer(config: Config, run: RunStatement): Authorize {
  const find = apiKeyFinder(run)
  // Production refuses such keys at boot; here they are not even looked at.
  const bootstrap = new Map(
    (config.production ? [] : config.bootstrapApiKeys).map(key => [sha256(key), bootstrapKey(key)]),
  )

  return async (request, scope) => {
    const key = /^Bearer +(\S+) *$/i.exec(request.get('authorization') ?? '')?.[1]
    if (key === undefined) {
      throw new Problem(
        'no-api-key',
        { detail: 'send it as "Authorization: Bearer <key>"' },
        { 'www-authenticate': realm },
      )
    }
    const caller = bootstrap.get(sha256(key)) ?? (await find(key))
    if (!caller) throw new Problem('bad-api-key', {}, { 'www-authenticate': `${realm}, error="invalid_token"` })
    if (!caller.scopes.includes(scope)) {
      const challenge = `${realm}, error="insufficient_scope", scope="${scope}"`
      throw new Problem(
        'scope-missing',
        { detail: `it lacks the scope ${scope}`, scope },
        { 'www-authenticate': challenge },
      )
    }
    return caller
  }
}

function bootstrapKey(key: string): ApiKey {
  return { id: `bootstrap:${sha256(key).slice(0, 16)}`, tenant: defaultTenant, scopes }
}
