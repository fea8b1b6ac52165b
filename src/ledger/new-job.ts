import type { z } from 'zod'
import type { JobContract } from '../../queues/define-job.ts'
import { currentTrace } from '../observability/tracing.ts'
import { uniqueKeyIn } from '../domain/test-tenant.ts'
import { newJobId } from './job-id.ts'

/** A job about to be accepted: the row of `hbnb_jobs.jobs`. */
export interface NewJob {
  readonly id: string
  readonly name: string
  readonly version: number
  readonly payload: Record<string, unknown>
  readonly tenant: string
  readonly entity: string | null
  readonly tags: readonly string[]
  readonly parentId: string | null
  readonly childKey: string | null
  readonly priority: number
  /** null = now, by the database's clock. */
  readonly runAt: Date | null
  readonly expiresAt: Date | null
  readonly traceparent: string | null
  /** Whose turn this is: the tenant, and behind it the key of a perKey limit. */
  readonly lane: string
  /** Waiting jobs of one type with one key are one: the newest. */
  readonly uniqueKey: string | null
  /** The batch it is counted in. */
  readonly batchId: string | null
}

/** What a caller may say about a job besides its payload. */
export interface JobOptions {
  readonly id?: string
  readonly tenant?: string
  /** What the job is about, `<kind>:<id>`, e.g. `booking:42`: the key of its story. */
  readonly entity?: string | null
  readonly tags?: readonly string[]
  readonly priority?: number
  readonly runAt?: Date | null
  readonly expiresAt?: Date | null
  readonly traceparent?: string | null
  /** An open batch of the same tenant. */
  readonly batchId?: string | null
}

export const defaultTenant = 'default'

/** The payload was refused by its contract; `issues` name each field. */
export class InvalidPayload extends Error {
  readonly issues: readonly z.core.$ZodIssue[]
  constructor(name: string, issues: readonly z.core.$ZodIssue[]) {
    super(`the payload of ${name} is not valid`)
    this.name = 'InvalidPayload'
    this.issues = issues
  }
}

const strictOf = new WeakMap<JobContract['payload'], JobContract['payload']>()

/** Made once per contract, because zod compiles each schema. */
function strict({ payload }: JobContract): JobContract['payload'] {
  const known = strictOf.get(payload)
  if (known) return known
  const schema = payload.strict()
  strictOf.set(payload, schema)
  return schema
}

/** Checks a payload at the door (strict) and makes the row to accept. Throws {@link InvalidPayload}. */
export function newJob<C extends JobContract>(
  contract: C,
  payload: z.input<C['payload']>,
  options: JobOptions = {},
): NewJob {
  const parsed = strict(contract).safeParse(payload)
  if (!parsed.success) throw new InvalidPayload(contract.name, parsed.error.issues)
  const tenant = options.tenant ?? defaultTenant
  const expiry =
    contract.expiresAfterMs === 'never'
      ? null
      : new Date((options.runAt?.getTime() ?? Date.now()) + contract.expiresAfterMs)
  return {
    id: options.id ?? newJobId(),
    name: contract.name,
    version: contract.version,
    payload: parsed.data,
    tenant,
    entity: options.entity ?? null,
    tags: options.tags ?? [],
    parentId: null,
    childKey: null,
    priority: options.priority ?? contract.priority,
    runAt: options.runAt ?? null,
    expiresAt: options.expiresAt ?? expiry,
    traceparent: options.traceparent ?? currentTrace(),
    lane: contract.perKey === 'none' ? tenant : [tenant, keyOf(contract.perKey.by, parsed.data)].join(keySeparator),
    uniqueKey: contract.unique === 'none' ? null : uniqueKeyIn(tenant, keyOf(contract.unique.by, parsed.data)),
    batchId: options.batchId ?? null,
  }
}

/** Between the parts of a key: in no id. SQL's enqueue() joins with the same character. */
const keySeparator = '\u001F'

function keyOf(fields: readonly string[], payload: Readonly<Record<string, unknown>>): string {
  return fields.map(field => textOf(payload[field])).join(keySeparator)
}

/** As Postgres writes `payload->>field`. */
function textOf(value: unknown): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}
