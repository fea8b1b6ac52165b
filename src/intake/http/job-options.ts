import { z } from 'zod'
import type { JobContract } from '../../../queues/define-job.ts'
import type { ApiKey } from '../../db/api-keys.ts'
import { isTestTenant } from '../../domain/test-tenant.ts'
import type { JobOptions } from '../../ledger/new-job.ts'
import { type FieldFault, Problem } from './problem.ts'

const maxTags = 10
/** A longer way off is a mistake in the year rather than a plan. */
const maxAheadMs = 2 * 366 * 86_400_000
const maxEntityIdChars = 64
const maxKeyChars = 255

const instant = z.iso.datetime({ offset: true, message: 'must be an RFC 3339 instant such as 2026-12-24T18:00:00Z' })
/** An instant in less than two years. */
export const soonOption = instant
  .transform(text => new Date(text))
  .refine(at => at.getTime() - Date.now() < maxAheadMs, 'must be less than two years ahead')

/** What a job, a batch or a story is about. */
export const entityOption = z
  .string()
  .regex(
    new RegExp(`^[a-z][a-z-]{0,31}:[^\\s\\p{C}]{1,${maxEntityIdChars}}$`, 'u'),
    'must read <kind>:<id>, such as booking:42',
  )

/** Visible ASCII, as in draft-ietf-httpapi-idempotency-key-header; quotes are part of the key. */
export const keyOption = z
  .string()
  .regex(new RegExp(`^[\\x21-\\x7e]{1,${maxKeyChars}}$`), 'must be 1 to 255 visible ASCII characters without spaces')

const tenant = z.string().regex(/^[\w .-]{1,64}(:test)?$/, 'must be 1 to 64 letters, digits, blanks and . _ -')

const tags = z
  .array(z.string().regex(/^[A-Za-z0-9._:/-]{1,64}$/, 'must be 1 to 64 letters, digits and . _ : / -'))
  .max(maxTags)

/** Options that read the same in an address and in an item of many. Tags and entities hold ids, never personal data. */
const shared = {
  run_at: soonOption.optional().describe('Not before this instant; one that has passed means now.'),
  expires_at: soonOption.optional().describe('Not started after this instant; default: what the job type says.'),
  tenant: tenant
    .optional()
    .describe('Whose job this is; another than that of the API key needs the scope jobs:any-tenant.'),
  entity: entityOption.optional().describe('What the job is about, such as booking:42: the key of its story.'),
  batch: z.uuid().optional().describe('The open batch it is counted in.'),
}

const priorityAbout = '1 is served first, 9 last; default: what the job type says.'

/** The query options of a new job, as they are written in an address. */
export const jobQuery = z.strictObject({
  ...shared,
  priority: z
    .string()
    .regex(/^[1-9]$/, 'must be 1 (first) to 9')
    .transform(Number)
    .optional()
    .describe(priorityAbout),
  tag: tags.optional().describe('A label to find the job by; may be repeated.'),
  dry_run: z
    .enum(['true', 'false'])
    .optional()
    .describe('true: everything is checked, nothing is written, and no Idempotency-Key is used up.'),
})

/** The query options of many jobs: what their items say of themselves goes first. */
export const manyQuery = z.strictObject({ batch: shared.batch, tenant: shared.tenant })

/** One of many jobs. */
export const jobItem = z.strictObject({
  name: z.string(),
  payload: z.unknown(),
  key: keyOption.optional().describe('As Idempotency-Key, for this job alone.'),
  ...shared,
  priority: z.int().min(1).max(9).optional().describe(priorityAbout),
  tags: tags.optional().describe('Labels to find the job by.'),
})

/** The options of a job as they were given, read. */
export interface GivenOptions {
  readonly run_at?: Date | undefined
  readonly expires_at?: Date | undefined
  readonly priority?: number | undefined
  readonly tags?: readonly string[] | undefined
  readonly entity?: string | undefined
  readonly tenant?: string | undefined
  readonly batch?: string | undefined
}

/**
 * What the options mean for a job of this type, made by this caller. A `run_at` that has passed means now: a job does not
 * count as having waited before it was there. Throws invalid-option or scope-missing.
 */
export function jobOptionsOf(given: GivenOptions, contract: JobContract, caller: ApiKey): JobOptions {
  const { expires_at = null, priority, tags: labels = [], entity = null, batch = null } = given
  const run_at = given.run_at !== undefined && given.run_at.getTime() > Date.now() ? given.run_at : null
  const errors: FieldFault[] = []
  if (expires_at !== null && expires_at.getTime() <= Math.max(Date.now(), run_at?.getTime() ?? 0)) {
    errors.push({ field: 'expires_at', rule: 'too-early', message: 'must lie in the future and after run_at' })
  }
  if (batch !== null && contract.durability === 'queue') {
    errors.push({ field: 'batch', rule: 'needs-ledger', message: 'jobs that only the queue keeps are in no batch' })
  }
  if (errors.length > 0) throw new Problem('invalid-option', { errors })
  return {
    tenant: tenantOf(caller, given.tenant),
    runAt: run_at,
    expiresAt: expires_at ?? expiryAfter(run_at, contract),
    tags: [...new Set(labels)],
    entity,
    batchId: batch,
    ...(priority === undefined ? {} : { priority }),
  }
}

/** The caller's own tenant, or the one it names if it may. Throws scope-missing or invalid-option. */
export function tenantOf(caller: ApiKey, named: string | undefined): string {
  if (named === undefined || named === caller.tenant) return caller.tenant
  if (isTestTenant(named)) {
    const errors = [{ field: 'tenant', rule: 'test-tenant', message: 'is reached by its own test keys only' }]
    throw new Problem('invalid-option', { errors })
  }
  const scope = 'jobs:any-tenant'
  if (caller.scopes.includes(scope)) return named
  throw new Problem('scope-missing', { detail: `another tenant than your own needs the scope ${scope}`, scope })
}

/** The contract counts from acceptance; of a job that waits for its time, from that time. */
function expiryAfter(runAt: Date | null, { expiresAfterMs }: JobContract): Date | null {
  if (runAt === null || expiresAfterMs === 'never') return null
  return new Date(Math.max(runAt.getTime(), Date.now()) + expiresAfterMs)
}
