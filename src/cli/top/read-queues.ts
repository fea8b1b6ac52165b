import type { RunStatement } from '../../db/statement.ts'
import { crashedAfterMs } from '../../ledger/processes.ts'

/** One queue at this moment. */
export interface QueueLine {
  readonly name: string
  /** Due and not running. */
  readonly waiting: number
  readonly active: number
  readonly retrying: number
  readonly scheduled: number
  readonly parked: number
  /** How long the oldest due job has waited; null when none is due. */
  readonly oldest_due_ms: number | null
  /** Of the last minute. */
  readonly done: number
  readonly failed: number
  readonly paused: { readonly by: string; readonly reason: string | null } | null
}

/** A process with a recent heartbeat. */
export interface ProcessLine {
  readonly id: number
  readonly kind: string
  readonly host: string
  readonly pid: number
  readonly draining: boolean
  readonly silent_ms: number
}

/** The system at one moment, by the database's clock. */
export interface Moment {
  readonly at: string
  readonly queues: readonly QueueLine[]
  readonly processes: readonly ProcessLine[]
}

/** Reads every open job once (0.2 s for a million), and what ended in the last minute. */
const momentStatement = {
  name: 'top',
  text: `
    with open as (
      select name, count(*) filter (where state in ('accepted', 'queued') and run_at <= now() and attempts = 0)::int as waiting,
             count(*) filter (where state = 'running')::int as active,
             count(*) filter (where state in ('accepted', 'queued') and attempts > 0)::int as retrying,
             count(*) filter (where state in ('accepted', 'queued') and run_at > now() and attempts = 0)::int as scheduled,
             count(*) filter (where state = 'parked')::int as parked,
             (extract(epoch from max(now() - run_at) filter (
               where run_at <= now() and state in ('accepted', 'queued') and attempts = 0)) * 1000)::float8 as oldest_due_ms
      from hbnb_jobs.job_live group by name
    ), ended as (
      select j.name, count(*) filter (where o.outcome in ('completed', 'skipped'))::int as done,
             count(*) filter (where o.outcome in ('failed', 'quarantined'))::int as failed
      from hbnb_jobs.job_outcomes o join hbnb_jobs.jobs j using (id)
      where o.finished_at > now() - interval '1 minute' group by j.name
    ), paused as (
      select name, jsonb_build_object('by', paused_by, 'reason', paused_reason) as paused
      from hbnb_jobs.queue_settings where paused_at is not null
    ), lines as (
      select name, coalesce(waiting, 0) as waiting, coalesce(active, 0) as active, coalesce(retrying, 0) as retrying,
             coalesce(scheduled, 0) as scheduled, coalesce(parked, 0) as parked, oldest_due_ms,
             coalesce(done, 0) as done, coalesce(failed, 0) as failed, paused
      from open full join ended using (name) full join paused using (name)
    )
    select now()::text as at,
           (select coalesce(jsonb_agg(to_jsonb(l) order by l.name), '[]') from lines l) as queues,
           (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'kind', kind, 'host', host, 'pid', pid,
              'draining', draining_at is not null, 'silent_ms', extract(epoch from now() - beat_at) * 1000) order by kind, id), '[]')
            from hbnb_jobs.processes where ended_at is null and beat_at > now() - $1 * interval '1 ms') as processes`,
}

/** How the queues stand now. Those with nothing open, nothing just ended and no pause are left out. */
export async function readMoment(run: RunStatement): Promise<Moment> {
  const [row] = await run<Moment>(momentStatement, [crashedAfterMs])
  if (!row) throw new Error('the queues answered no row')
  return { ...row, at: new Date(row.at).toISOString() }
}
