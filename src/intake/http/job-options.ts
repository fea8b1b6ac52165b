import { z } from 'zod'
import type { JobContract } from '../../../queues/define-job.ts'
import type { JobOptions } from '../../ledger/new-job.ts'
import { pointerTo } from './pointer.ts'
import { type FieldFault, Problem } from './problem.ts'

const maxTags = 10
/** A longer way off is a mistake in the year rather than a plan. */
const maxAheadMs = 2 * 366 * 86_400_000
const maxEntityIdChars = 64

const instant = z.iso.datetime({ offset: true, message: 'must be an RFC 3339 instant such as 2026-12-24T18:00:00Z' })
const soon = instant
  .transform(text => new Date(text))
  .refine(at => at.getTime() - Date.now() < maxAheadMs, 'must be less than two years ahead')

/** The query options of a new job, as they are written in an address. Tags and entities hold ids, never personal data. */
export const jobQuery = z.strictObject({
  run_at: soon.optional().describe('Not before this instant.'),
  expires_at: soon.optional().describe('Not started after this instant; default: what the job type says.'),
  priority: z
    .string()
    .regex(/^[1-9]$/, 'must be 1 (first) to 9')
    .transform(Number)
    .optional()
    .describe('1 is served first, 9 last; default: what the job type says.'),
  tag: z
    .array(z.string().regex(/^[A-Za-z0-9._:/-]{1,64}$/, 'must be 1 to 64 letters, digits and . _ : / -'))
    .max(maxTags)
    .optional()
    .describe('A label to find the job by; may be repeated.'),
  entity: z
    .string()
    .regex(
      new RegExp(`^[a-z][a-z-]{0,31}:[^\\s\\p{C}]{1,${maxEntityIdChars}}$`, 'u'),
      'must read <kind>:<id>, such as booking:42',
    )
    .optional()
    .describe('What the job is about, such as booking:42: the key of its story.'),
})

/** Reads the query of a new job. Throws invalid-option naming each option that is unknown or wrong. */
export function jobOptionsOf(search: URLSearchParams, contract: JobContract): JobOptions {
  const errors: FieldFault[] = []
  const given: Record<string, unknown> = {}
  for (const name of new Set(search.keys())) {
    const values = search.getAll(name)
    if (!Object.hasOwn(jobQuery.shape, name)) errors.push(fault(name, 'unknown-option', `known are ${known}`))
    else if (name === 'tag') given[name] = values
    else if (values.length > 1) errors.push(fault(name, 'repeated', 'may be given once'))
    else given[name] = values[0]
  }
  const { data, error } = jobQuery.safeParse(given)
  for (const issue of error?.issues ?? []) {
    errors.push(fault(String(issue.path[0] ?? ''), issue.code.replaceAll('_', '-'), issue.message))
  }
  const { run_at = null, expires_at = null, priority, tag = [], entity = null } = data ?? {}
  if (expires_at !== null && expires_at.getTime() <= Math.max(Date.now(), run_at?.getTime() ?? 0)) {
    errors.push(fault('expires_at', 'too-early', 'must lie in the future and after run_at'))
  }
  if (errors.length > 0) throw new Problem('invalid-option', { errors })
  return {
    runAt: run_at,
    expiresAt: expires_at ?? expiryAfter(run_at, contract),
    tags: [...new Set(tag)],
    entity,
    ...(priority === undefined ? {} : { priority }),
  }
}

/** The contract counts from acceptance; of a job that waits for its time, from that time. */
function expiryAfter(runAt: Date | null, { expiresAfterMs }: JobContract): Date | null {
  if (runAt === null || expiresAfterMs === 'never') return null
  return new Date(Math.max(runAt.getTime(), Date.now()) + expiresAfterMs)
}

const known = Object.keys(jobQuery.shape).join(', ')

function fault(name: string, rule: string, message: string): FieldFault {
  return { field: pointerTo([name]).slice(1), rule, message }
}
