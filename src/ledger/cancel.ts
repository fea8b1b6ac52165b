import type { RunStatement } from '../db/statement.ts'
import { wakeParent } from './children.ts'

/**
 * `cancel-requested`: it runs, or an effect of it is not known yet; the run that finds out ends it. A state: it had ended so
 * before, and nothing was done.
 */
export type Cancellation =
  | 'cancelled'
  | 'cancel-requested'
  | 'unknown-job'
  | 'completed'
  | 'skipped'
  | 'failed'
  | 'quarantined'

const asTenantStatement = {
  name: 'cancel-as-tenant',
  text: `
    select set_config('hbnb_jobs.tenant', tenant, true), parent_id as "parentId" from hbnb_jobs.jobs
    where id = $1 and ($2::text is null or tenant = $2)`,
}

const cancelStatement = { name: 'cancel', text: 'select hbnb_jobs.cancel($1::uuid) as answer' }

/** Ended by this very transaction: of a job that was cancelled before, the reason stays. */
const reasonStatement = {
  name: 'cancel-reason',
  text: 'update hbnb_jobs.job_outcomes set reason = $2 where id = $1 and finished_at = now() returning id',
}

/**
 * Cancels a job, of one tenant where it is given. Call it in a transaction (`statementsIn`): the tenant is set for its
 * length. `reason` is shown to whoever may see the job, so it names no person.
 */
export async function cancelJob(
  run: RunStatement,
  id: string,
  { tenant = null, reason }: { readonly tenant?: string | null; readonly reason: string },
): Promise<Cancellation> {
  const [job] = await run<{ parentId: string | null }>(asTenantStatement, [id, tenant])
  if (!job) return 'unknown-job'
  const [row] = await run<{ answer: Cancellation }>(cancelStatement, [id])
  const answer = row?.answer ?? 'unknown-job'
  if (answer !== 'cancelled') return answer
  const ended = await run(reasonStatement, [id, reason])
  if (ended.length > 0 && job.parentId !== null) await wakeParent(run, job.parentId)
  return answer
}
