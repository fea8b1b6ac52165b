/** An instant: a Date, or RFC 3339 with its offset. */
export type Instant = Date | string

/** How a job is done; everything unset is as its type says. */
export interface JobOptions {
  /** Not before this instant; less than two years ahead. */
  readonly runAt?: Instant | undefined
  /** Not started after this instant. */
  readonly expiresAt?: Instant | undefined
  /** 1 is served first, 9 last. */
  readonly priority?: number | undefined
  /** At most 10 labels of 64 characters to find the job by: never personal data. */
  readonly tags?: readonly string[] | undefined
  /** What the job is about, `<kind>:<id>`: the key of its story. */
  readonly entity?: string | undefined
  /** The id of an open batch. */
  readonly batch?: string | undefined
  /** Needs the scope `jobs:any-tenant`. */
  readonly tenant?: string | undefined
}

/** The options as members of the wire, without those that are unset. */
export function wireOptions(options: JobOptions): Record<string, string | number | readonly string[]> {
  const { runAt, expiresAt, priority, tags, entity, batch, tenant } = options
  return withoutUnset({
    run_at: runAt === undefined ? undefined : instantText(runAt),
    expires_at: expiresAt === undefined ? undefined : instantText(expiresAt),
    priority,
    tags,
    entity,
    batch,
    tenant,
  })
}

/** The options as a query, `?` included; empty when there is none. */
export function queryOf(members: Readonly<Record<string, Query>>): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(withoutUnset(members))) {
    if (typeof value === 'object') for (const one of value) query.append(name, one)
    else query.append(name, String(value))
  }
  return query.size === 0 ? '' : `?${query.toString()}`
}

type Query = string | number | boolean | readonly string[] | undefined

export function instantText(instant: Instant): string {
  return typeof instant === 'string' ? instant : instant.toISOString()
}

function withoutUnset<T>(members: Readonly<Record<string, T | undefined>>): Record<string, T> {
  const set: Record<string, T> = {}
  for (const [name, value] of Object.entries(members)) if (value !== undefined) set[name] = value
  return set
}
