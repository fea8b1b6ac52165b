import type { ApiKey } from '../../db/api-keys.ts'
import { tenantOf } from './job-options.ts'

/**
 * Whose jobs a caller sees: its own, or the tenant's it names; with the scope jobs:any-tenant and no name everybody's
 * (undefined). Throws scope-missing.
 */
export function visibleTenant(caller: ApiKey, named?: string): string | undefined {
  if (named === undefined && caller.scopes.includes('jobs:any-tenant')) return undefined
  return tenantOf(caller, named)
}
