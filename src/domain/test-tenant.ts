import { z } from 'zod'

/** What a tenant is called: it goes into lists, logs and lanes. No colon, which only test tenants have. */
export const tenantName = z.string().regex(/^[\w .-]{1,64}$/, 'must be 1 to 64 letters, digits, blanks and . _ -')

const suffix = ':test'

/** The tenant that test keys of `tenant` work for: another one, so that test jobs and real ones never meet. */
export function testTenantOf(tenant: string): string {
  return `${tenant}${suffix}`
}

/** Whether jobs of this tenant are tests: whatever they send, and whatever their children send, goes to the sandbox. */
export function isTestTenant(tenant: string): boolean {
  return tenant.endsWith(suffix)
}

const testsApart = 'test\u001F'

/** The unique key of a job of this tenant: a test must not take the place of a real job that waits. */
export function uniqueKeyIn(tenant: string, key: string): string {
  return isTestTenant(tenant) ? testsApart + key : key
}

/** The same in SQL, of two expressions. */
export function uniqueKeyInSql(tenant: string, key: string): string {
  return `case when ${tenant} like '%${suffix}' then '${testsApart}' else '' end || ${key}`
}
