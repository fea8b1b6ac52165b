import type { RunStatement } from '../db/statement.ts'
import { newJobId } from './job-id.ts'
import type { NewJob } from './new-job.ts'

/** How far the jobs of a batch are. */
export interface BatchCounts {
  readonly total: number
  readonly open: number
  readonly completed: number
  readonly skipped: number
  /** Failed or quarantined. */
  readonly failed: number
  readonly cancelled: number
}

/** A batch as it is. */
export interface Batch extends BatchCounts {
  readonly id: string
  readonly about: string | null
  readonly entity: string | null
  readonly createdAt: Date
  readonly closedAt: Date | null
  readonly doneAt: Date | null
  readonly whenDoneName: string | null
  readonly whenDoneJobId: string | null
}

const createStatement = {
  name: 'batch-create',
  text: `
    insert into hbnb_jobs.batches (id, tenant, about, entity, when_done_name, when_done_version, when_done_payload)
    values ($1, $2, $3, $4, $5, $6::smallint, $7::jsonb)`,
}

/** Makes an open batch. `whenDone` is made once all its jobs have ended, under another id. Answers the batch's id. */
export async function createBatch(
  run: RunStatement,
  given: {
    readonly tenant: string
    readonly about: string | null
    readonly entity: string | null
    readonly whenDone: NewJob | null
  },
): Promise<string> {
  const { tenant, about, entity, whenDone } = given
  const id = newJobId()
  const then = whenDone && [whenDone.name, whenDone.version, JSON.stringify(whenDone.payload)]
  await run(createStatement, [id, tenant, about, entity, ...(then ?? [null, null, null])])
  return id
}

const isOpenStatement = {
  name: 'batch-is-open',
  text: 'select from hbnb_jobs.batches where id = $1 and tenant = $2 and closed_at is null',
}

/** Whether a job of the tenant would be taken into the batch now. */
export async function isOpenBatch(run: RunStatement, id: string, tenant: string): Promise<boolean> {
  return (await run(isOpenStatement, [id, tenant])).length > 0
}

/** Waits for those that are putting jobs into the batch: after it, none is added. */
const closeStatement = {
  name: 'batch-close',
  text: `
    update hbnb_jobs.batches set closed_at = coalesce(closed_at, now())
    where id = $1 and ($2::text is null or tenant = $2) returning id`,
}

/** No more jobs are taken from here on. False when the tenant (null: any) has no such batch. */
export async function closeBatch(run: RunStatement, id: string, tenant: string | null): Promise<boolean> {
  return (await run(closeStatement, [id, tenant])).length > 0
}

/** Over the jobs `j` of a batch with their outcomes `o`, both null where there is none. */
export const batchCounts = `
  count(j.id)::int as total,
  count(j.id) filter (where o.id is null)::int as open,
  count(*) filter (where o.outcome = 'completed')::int as completed,
  count(*) filter (where o.outcome = 'skipped')::int as skipped,
  count(*) filter (where o.outcome in ('failed', 'quarantined'))::int as failed,
  count(*) filter (where o.outcome = 'cancelled')::int as cancelled`

const showStatement = {
  name: 'batch-show',
  text: `
    select b.id, b.about, b.entity, b.created_at as "createdAt", b.closed_at as "closedAt", b.done_at as "doneAt",
           b.when_done_name as "whenDoneName", b.when_done_job_id as "whenDoneJobId", b.final_counts as "finalCounts", c.*
    from hbnb_jobs.batches b cross join lateral (
      select ${batchCounts}
      from hbnb_jobs.jobs j left join hbnb_jobs.job_outcomes o using (id) where j.batch_id = b.id
    ) c
    where b.id = $1 and ($2::text is null or b.tenant = $2)`,
}

/** A batch of the tenant (null: of any); undefined when there is none. Counting 100,000 jobs takes about 0.1 s. */
export async function findBatch(run: RunStatement, id: string, tenant: string | null): Promise<Batch | undefined> {
  const [row] = await run<Batch & { finalCounts: BatchCounts | null }>(showStatement, [id, tenant])
  if (!row) return undefined
  const { finalCounts, ...batch } = row
  // Jobs go after their retention; how the batch ended stays.
  return finalCounts !== null && finalCounts.total > batch.total ? { ...batch, ...finalCounts } : batch
}
