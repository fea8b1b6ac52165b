import type { Request } from 'express'
import type { Config } from '../../config/load.ts'
import { type ApiKey, type Scope, scopes, sha256 } from '../../db/api-keys.ts'
import { apiKeyFinder } from '../../db/find-api-key.ts'
import type { RunStatement } from '../../db/statement.ts'
import { defaultTenant } from '../../ledger/new-job.ts'
import type { QueueBackend } from '../../queue/backend.ts'
import { Problem } from '../http/problem.ts'
import { requestCounter, type Standing, windowSeconds } from './rate-limit.ts'

/**
 * Answers who asks, or throws no-api-key, bad-api-key, rate-limited, scope-missing (RFC 6750 challenges) or sandbox-absent.
 * `any` asks for no scope. Counts the request, and answers where the caller stands as RateLimit headers.
 */
export type Authorize = (request: Request, scope: Scope | 'any') => Promise<ApiKey>

const realm = 'Bearer realm="hbnb-jobs"'
/** What makes work: with a test key it needs a sandbox to go to. */
const makesWork: ReadonlySet<string> = new Set<Scope>(['jobs:write', 'schedules:write', 'notifications:write'])

interface AuthorizerParts {
  readonly config: Config
  readonly run: RunStatement
  readonly backend: Pick<QueueBackend, 'redis'>
}

export function authorizer({ config, run, backend }: AuthorizerParts): Authorize {
  const find = apiKeyFinder(run)
  const count = requestCounter(backend, config.queue.prefix)
  // Production refuses such keys at boot; here they are not even looked at.
  const bootstrap = new Map(
    (config.production ? [] : config.bootstrapApiKeys).map(key => [sha256(key), bootstrapKey(key)]),
  )

  return async (request, scope) => {
    const caller = await callerOf(request, key => bootstrap.get(sha256(key)) ?? find(key))
    await countRequest(request, caller)
    if (scope === 'any') return caller
    if (!caller.scopes.includes(scope)) throw scopeMissing(scope)
    if (caller.test && config.sandboxUrl === null && makesWork.has(scope)) {
      throw new Problem('sandbox-absent', { detail: 'see SANDBOX_URL', variable: 'SANDBOX_URL' })
    }
    return caller
  }

  async function countRequest(request: Request, caller: ApiKey): Promise<void> {
    const perMinute = caller.requestsPerMinute ?? config.limits.apiKeyRequestsPerMinute
    const standing = await count(caller.id, perMinute)
    const { policy, left } = rateLimitHeaders(perMinute, standing)
    request.res?.setHeader('RateLimit-Policy', policy).setHeader('RateLimit', left)
    if (standing.isAllowed) return
    const retryAfter = String(Math.max(1, Math.ceil(standing.resetMs / 1_000)))
    throw new Problem(
      'rate-limited',
      { limit: perMinute, window_seconds: windowSeconds },
      { 'retry-after': retryAfter },
    )
  }
}

async function callerOf(
  request: Request,
  find: (key: string) => ApiKey | Promise<ApiKey | undefined>,
): Promise<ApiKey> {
  const key = /^Bearer +(\S+) *$/i.exec(request.get('authorization') ?? '')?.[1]
  if (key === undefined) {
    const detail = 'send it as "Authorization: Bearer <key>"'
    throw new Problem('no-api-key', { detail }, { 'www-authenticate': realm })
  }
  const caller = await find(key)
  const hasEnded = caller !== undefined && caller.expiresAt !== null && caller.expiresAt.getTime() <= Date.now()
  if (caller && !hasEnded) return caller
  const detail = hasEnded ? { detail: 'it has expired: use its successor, or have one made' } : {}
  throw new Problem('bad-api-key', detail, { 'www-authenticate': `${realm}, error="invalid_token"` })
}

function scopeMissing(scope: Scope): Problem {
  const challenge = `${realm}, error="insufficient_scope", scope="${scope}"`
  return new Problem(
    'scope-missing',
    { detail: `it lacks the scope ${scope}`, scope },
    { 'www-authenticate': challenge },
  )
}

/** As draft-ietf-httpapi-ratelimit-headers-10 writes them: structured fields, times in whole seconds. */
function rateLimitHeaders(perMinute: number, { left, resetMs }: Standing): { policy: string; left: string } {
  return {
    policy: `"key";q=${perMinute};w=${windowSeconds}`,
    left: `"key";r=${left};t=${Math.ceil(resetMs / 1_000)}`,
  }
}

function bootstrapKey(key: string): ApiKey {
  const id = `bootstrap:${sha256(key).slice(0, 16)}`
  return {
    id,
    keyId: id,
    name: 'bootstrap',
    tenant: defaultTenant,
    scopes,
    test: false,
    expiresAt: null,
    requestsPerMinute: null,
  }
}
