import type { RunStatement } from '../db/statement.ts'

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

const findStatement = {
  name: 'batch-find',
  text: `
    select id, about, entity, created_at as "createdAt", closed_at as "closedAt", done_at as "doneAt",
           when_done_name as "whenDoneName", when_done_job_id as "whenDoneJobId", final_counts as "finalCounts"
    from hbnb_jobs.batches where id = $1 and ($2::text is null or tenant = $2)`,
}

/** Between the ids of its first and its last job: however many others there are, only their neighbours are read. */
const countStatement = {
  name: 'batch-count',
  text: `
    select ${batchCounts}
    from hbnb_jobs.jobs j left join hbnb_jobs.job_outcomes o on o.id = j.id
      and o.id >= (select f.id from hbnb_jobs.jobs f where f.batch_id = $1 order by f.id limit 1)
      and o.id <= (select l.id from hbnb_jobs.jobs l where l.batch_id = $1 order by l.id desc limit 1)
    where j.batch_id = $1`,
}

/** Smaller batches are counted anew for everybody who asks. */
const keptFromJobs = 10_000
/** Counting one batch may take this share of the time, however often it is asked for. */
const shareOfTime = 0.05
const maxKept = 1_000

/** A batch of the tenant (null: of any); undefined when there is none. */
export type FindBatch = (id: string, tenant: string | null) => Promise<Batch | undefined>

/** Finds batches. Counting 100,000 jobs takes 0.2 s, so the counts of such a batch are kept for some seconds. */
export function batchFinder(run: RunStatement): FindBatch {
  const kept = new Map<string, { readonly counts: Promise<BatchCounts>; untilMs: number }>()

  async function count(id: string): Promise<BatchCounts> {
    const startedMs = performance.now()
    const [counts] = await run<BatchCounts>(countStatement, [id])
    if (!counts) throw new Error('counting a batch answered no row')
    const tookMs = performance.now() - startedMs
    const own = kept.get(id)
    if (own && counts.total >= keptFromJobs) own.untilMs = performance.now() + tookMs / shareOfTime
    else kept.delete(id)
    return counts
  }
  function counted(id: string): Promise<BatchCounts> {
    const known = kept.get(id)
    if (known && known.untilMs > performance.now()) return known.counts
    const [oldest] = kept.keys()
    if (kept.size >= maxKept && oldest !== undefined) kept.delete(oldest)
    const counts = count(id)
    // Until it is known how long it takes, everybody who asks waits for this one.
    kept.set(id, { counts, untilMs: Number.POSITIVE_INFINITY })
    counts.catch(() => kept.delete(id))
    return counts
  }

  return async (id, tenant) => {
    const [row] = await run<Omit<Batch, keyof BatchCounts> & { finalCounts: BatchCounts | null }>(findStatement, [
      id,
      tenant,
    ])
    if (!row) return undefined
    const { finalCounts, ...batch } = row
    const counts = await counted(id)
    // Jobs go after their retention; how the batch ended stays.
    return { ...batch, ...(finalCounts !== null && finalCounts.total > counts.total ? finalCounts : counts) }
  }
}
