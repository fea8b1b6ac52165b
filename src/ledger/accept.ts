import { arrayLiteral } from '../db/array-literal.ts'
import type { RunStatement } from '../db/statement.ts'
import type { NewJob } from './new-job.ts'

/** The channel that wakes the relay. Only a hint: the relay also looks by itself. */
export const wakeChannel = 'hbnb_jobs'

/** The columns of {@link jobValues} as `unnest` needs them, and their names; all statements that accept share them. */
export const jobColumns = {
  arrays: `$1::uuid[], $2::text[], $3::smallint[], $4::jsonb[], $5::text[], $6::text[], $7::text[], $8::uuid[], $9::text[],
    $10::smallint[], $11::timestamptz[], $12::timestamptz[], $13::text[], $14::uuid[], $15::text[], $16::text[], $17::int[]`,
  names: `id, name, version, payload, tenant, entity, tags, parent_id, child_key, priority, run_at, expires_at, traceparent,
    batch_id, lane, unique_key, payload_bytes`,
  count: 17,
} as const

/** Writes the rows of `given`, which holds {@link jobColumns}, where `condition` is true. Its CTE `new` has those that are new. */
export const insertJobs = (condition: string) => `
  new as (
    insert into hbnb_jobs.jobs
      (id, name, version, payload, tenant, entity, tags, parent_id, child_key, priority, run_at, expires_at, traceparent, batch_id)
    select id, name, version, payload, tenant, entity, tags::text[], parent_id, child_key, priority,
           coalesce(run_at, now()), expires_at, traceparent, batch_id
    from given where ${condition}
    on conflict (id) do nothing
    returning id, run_at
  ), live as (
    insert into hbnb_jobs.job_live (id, name, priority, run_at, lane, unique_key, payload_bytes)
    select new.id, g.name, g.priority, new.run_at, g.lane, g.unique_key, g.payload_bytes from new join given g using (id)
  )`

const acceptStatement = {
  name: 'accept',
  text: `
    with given as materialized (
      select * from unnest(${jobColumns.arrays}) as g(${jobColumns.names})
    ), ${insertJobs('true')}
    select id from new, (select pg_notify('${wakeChannel}', '')) as wake`,
}

/**
 * Writes job rows in one statement; they exist when the surrounding commit does. Answers the ids that are new:
 * an id already there is left as it was, which is what makes children and repeated requests safe. Batches are not looked at.
 */
export async function acceptJobs(run: RunStatement, jobs: readonly NewJob[]): Promise<Set<string>> {
  if (jobs.length === 0) return new Set()
  const rows = await run<{ id: string }>(acceptStatement, jobValues(jobs))
  return new Set(rows.map(({ id }) => id))
}

/** The rows of jobs as one array per column, in the order of {@link jobColumns}. */
export function jobValues(jobs: readonly NewJob[]): unknown[] {
  const column = (pick: (job: NewJob) => unknown): unknown[] => jobs.map(pick)
  const payloads = jobs.map(({ payload }) => JSON.stringify(payload))
  return [
    column(job => job.id),
    column(job => job.name),
    column(job => job.version),
    payloads,
    column(job => job.tenant),
    column(job => job.entity),
    column(job => arrayLiteral(job.tags)),
    column(job => job.parentId),
    column(job => job.childKey),
    column(job => job.priority),
    column(job => job.runAt),
    column(job => job.expiresAt),
    column(job => job.traceparent),
    column(job => job.batchId),
    column(job => job.lane),
    column(job => job.uniqueKey),
    payloads.map(text => Buffer.byteLength(text)),
  ]
}
