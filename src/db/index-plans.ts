/**
 * Settings for connections whose statements are written to walk indexes, and are right for every size of the tables. Postgres
 * keeps plans, though: those made while the ledger was empty scan it whole when a million rows have come (30 s were seen, until
 * the next vacuum), and without `force_generic_plan` it plans each small batch anew, which costs more than running it. So
 * nothing else is left to choose.
 */
export const indexPlans = {
  enable_seqscan: 'off',
  enable_bitmapscan: 'off',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
  enable_sort: 'off',
  jit: 'off',
  plan_cache_mode: 'force_generic_plan',
} as const

/** Settings as `options` of a connection. */
export function settingOptions(settings: Readonly<Record<string, string | number>>): string {
  return Object.entries(settings)
    .map(([name, value]) => `-c ${name}=${value}`)
    .join(' ')
}
