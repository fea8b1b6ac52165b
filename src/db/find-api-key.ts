import { isTestTenant, testTenantOf } from '../domain/test-tenant.ts'
import { type ApiKey, keyForm, sha256 } from './api-keys.ts'
import type { RunStatement } from './statement.ts'

const findStatement = {
  name: 'api-key-find',
  text: `
    update hbnb_jobs.api_keys set last_used_at = now() where key_sha256 = $1 and revoked_at is null
    returning coalesce(caller_id, id) as id, id as "keyId", name, tenant, scopes, is_test as test,
              expires_at as "expiresAt", requests_per_minute as "requestsPerMinute"`,
}

/** How long a key found is believed without asking again. */
export const keyCacheMs = 10_000
const maxKeysCached = 1_000

/**
 * Finds keys by their hash, through a small cache per process. Undefined: not known, or revoked. A key that has ended by
 * itself is found: its owner may be told.
 */
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
      return row && { ...row, tenant: tenantOf(row) }
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

/** A key's test-ness is what decides, whatever its tenant was called. */
function tenantOf({ tenant, test }: ApiKey): string {
  if (test) return testTenantOf(tenant)
  if (isTestTenant(tenant)) throw new Error('a key that is no test key belongs to a test tenant')
  return tenant
}
