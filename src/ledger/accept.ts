import { arrayLiteral } from '../db/array-literal.ts'
import { isDataFault } from '../db/data-fault.ts'
import type { RunStatement } from '../db/statement.ts'
import { batcher } from './batcher.ts'
import type { NewJob } from './new-job.ts'

/** The channel that wakes the relay. Only a hint: the relay also looks by itself. */
export const wakeChannel = 'hbnb_jobs'

const acceptStatement = {
  name: 'accept',
  text: `
    with new as (
      insert into hbnb_jobs.jobs
        (id, name, version, payload, tenant, entity, tags, parent_id, child_key, priority, run_at, expires_at, traceparent)
      select id, name, version, payload, tenant, entity, tags::text[], parent_id, child_key, priority,
             coalesce(run_at, now()), expires_at, traceparent
      from unnest($1::uuid[], $2::text[], $3::smallint[], $4::jsonb[], $5::text[], $6::text[], $7::text[], $8::uuid[],
                  $9::text[], $10::smallint[], $11::timestamptz[], $12::timestamptz[], $13::text[])
        as n(id, name, version, payload, tenant, entity, tags, parent_id, child_key, priority, run_at, expires_at, traceparent)
      on conflict (id) do nothing
      returning id, name, priority, run_at
    ), live as (
      insert into hbnb_jobs.job_live (id, name, priority, run_at, lane, unique_key)
      select new.id, new.name, new.priority, new.run_at, k.lane, k.unique_key
      from new join unnest($1::uuid[], $14::text[], $15::text[]) as k(id, lane, unique_key) on k.id = new.id
    )
    select id from new, (select pg_notify('${wakeChannel}', '')) as wake`,
}

/**
 * Writes job rows in one statement; they exist when the surrounding commit does. Answers the ids that are new:
 * an id already there is left as it was, which is what makes children and repeated requests safe.
 */
export async function acceptJobs(run: RunStatement, jobs: readonly NewJob[]): Promise<Set<string>> {
  if (jobs.length === 0) return new Set()
  const column = (pick: (job: NewJob) => unknown): unknown[] => jobs.map(pick)
  const rows = await run<{ id: string }>(acceptStatement, [
    column(job => job.id),
    column(job => job.name),
    column(job => job.version),
    column(job => JSON.stringify(job.payload)),
    column(job => job.tenant),
    column(job => job.entity),
    column(job => arrayLiteral(job.tags)),
    column(job => job.parentId),
    column(job => job.childKey),
    column(job => job.priority),
    column(job => job.runAt),
    column(job => job.expiresAt),
    column(job => job.traceparent),
    column(job => job.lane),
    column(job => job.uniqueKey),
  ])
  return new Set(rows.map(({ id }) => id))
}

const maxRowsPerBatch = 500
const maxBatchesInFlight = 2

/** Accepts single jobs in micro-batches. Resolves after the commit; a row Postgres refuses fails alone. */
export function accepter(run: RunStatement): (job: NewJob) => Promise<{ isNew: boolean }> {
  return batcher(
    { maxItems: maxRowsPerBatch, maxInFlight: maxBatchesInFlight },
    async jobs => {
      const added = await acceptJobs(run, jobs)
      return jobs.map(({ id }) => ({ isNew: added.has(id) }))
    },
    isDataFault,
  )
}
