import { z } from 'zod'
import { jobStates } from '../../ledger/status.ts'

const instant = z.iso.datetime({ offset: true })
const id = z.uuid()

/** How it stands with a job. */
export const jobState = z.enum(jobStates).meta({ title: 'JobState' })

/** What is kept of an error. */
export const storedError = z
  .object({ name: z.string(), code: z.string().nullable(), message: z.string() })
  .meta({ title: 'StoredError' })

/** Where a job is shown and followed. */
export const jobLinks = z.object({ self: z.string(), events: z.string() }).meta({ title: 'JobLinks' })

/** The answer to an accepted job. */
export const acceptedJob = z
  .object({
    id,
    name: z.string(),
    state: z.enum(['waiting', 'scheduled']),
    durability: z
      .enum(['ledger', 'queue'])
      .default('ledger')
      .describe('ledger: committed and never lost; queue: kept by the queue alone, lost if that is lost'),
    links: jobLinks,
  })
  .meta({ title: 'AcceptedJob' })

/** What a job would be, of which nothing was written. */
export const dryRun = z
  .object({
    dry_run: z.literal(true),
    name: z.string(),
    payload: z.record(z.string(), z.unknown()).describe('as the contract reads it, with its defaults'),
    options: z.object({
      run_at: instant.nullable(),
      priority: z.int(),
      expires_at: instant.nullable(),
      tenant: z.string(),
      entity: z.string().nullable(),
      tags: z.array(z.string()),
      batch: id.nullable(),
    }),
    durability: z.enum(['ledger', 'queue']),
  })
  .meta({ title: 'DryRun' })

const ended = z.string().describe('retry, not-yet, busy, handed-back, parked, crashed, lost, or how the job ended')

/** Everything there is to know of one job. */
export const shownJob = z
  .object({
    id,
    name: z.string(),
    state: jobState,
    attempts: z.int().describe('attempts that counted'),
    accepted_at: instant,
    run_at: instant,
    next_at: instant.nullable().describe('when it is looked at next'),
    finished_at: instant.nullable(),
    result: z.unknown(),
    reason: z.string().nullable().describe('why it was skipped or cancelled'),
    error: storedError.nullable(),
    entity: z.string().nullable(),
    tags: z.array(z.string()),
    tenant: z.string(),
    test: z.boolean().describe('made with a test key: whatever it sends goes to the sandbox'),
    batch: id.nullable().describe('the batch it is counted in'),
    progress: z
      .object({ done: z.number(), total: z.number(), message: z.string().optional() })
      .nullable()
      .describe('how far the job says it is, while it is open'),
    effects: z.array(
      z.object({
        key: z.string(),
        provider: z.string(),
        state: z.enum(['reserved', 'sending', 'accepted', 'rejected', 'unknown']),
        provider_id: z.string().nullable(),
        sends: z.int().describe('how often it was handed to the provider'),
      }),
    ),
    children: z.array(z.object({ id, name: z.string(), state: jobState })),
    attempts_log: z.array(
      z.object({
        attempt: z.int(),
        ending: ended,
        started_at: instant.nullable(),
        ended_at: instant,
        next_at: instant.nullable(),
        error: storedError.nullable(),
      }),
    ),
    log: z
      .array(z.object({ at: instant, level: z.enum(['info', 'warn', 'error']), message: z.string() }))
      .describe('the newest lines its attempts have written'),
    links: jobLinks,
  })
  .meta({ title: 'Job' })

/** One open job type, as callers may make jobs of it. */
export const shownJobType = z.object({
  name: z.string(),
  about: z.string(),
  version: z.int(),
  max_payload_bytes: z.int(),
  payload: z.record(z.string(), z.unknown()).describe('JSON Schema (2020-12) of the payload'),
})
