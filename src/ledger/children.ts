import type { RunStatement } from '../db/statement.ts'

/** How far the children of a job are. */
export interface ChildCounts {
  readonly total: number
  readonly open: number
  readonly completed: number
  readonly skipped: number
  /** Failed, cancelled or quarantined. */
  readonly failed: number
}

const countStatement = {
  name: 'children-count',
  text: `
    select count(*)::int as total,
           count(*) filter (where o.id is null)::int as open,
           count(*) filter (where o.outcome = 'completed')::int as completed,
           count(*) filter (where o.outcome = 'skipped')::int as skipped,
           count(*) filter (where o.outcome in ('failed', 'cancelled', 'quarantined'))::int as failed
    from hbnb_jobs.jobs j left join hbnb_jobs.job_outcomes o using (id) where j.parent_id = $1`,
}

export async function countChildren(run: RunStatement, parentId: string): Promise<ChildCounts> {
  const [counts] = await run<ChildCounts>(countStatement, [parentId])
  if (!counts) throw new Error('counting children answered no row')
  return counts
}

const wakeStatement = {
  name: 'children-wake-parent',
  text: `
    with parent as materialized (
      select l.id from hbnb_jobs.job_live l
      where l.id = $1 and l.state = 'parked' and not exists (
        select from hbnb_jobs.jobs j join hbnb_jobs.job_live c using (id) where j.parent_id = l.id
      ) for update of l
    )
    update hbnb_jobs.job_live l set run_at = now() from parent p where l.id = p.id
    returning (select pg_notify('hbnb_jobs', ''))`,
}

/** Called after a child has ended: wakes its parent if that waits for it and no other child is open. */
export async function wakeParent(run: RunStatement, parentId: string): Promise<void> {
  await run(wakeStatement, [parentId])
}
