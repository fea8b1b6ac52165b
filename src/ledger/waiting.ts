import type { RunStatement } from '../db/statement.ts'

/** What is counted for a payload whose size is not known (jobs made by SQL, retries by hand). */
const assumedPayloadBytes = 1_024

/** What waits in one queue: accepted or queued, not running. */
export interface Waiting {
  readonly name: string
  /** Jobs that are due. */
  readonly due: number
  /**
   * How long the oldest of them has waited where it is; retries are not asked. A job that was due before it came (SQL, a
   * slot of a schedule that was made up for) has waited since it came.
   */
  readonly oldestDueMs: number
  /** Payload bytes of all that wait, due or not. */
  readonly bytes: number
}

const waitingStatement = {
  name: 'waiting',
  text: `
    select l.name, count(*) filter (where l.run_at <= now())::float8 as due,
           coalesce(extract(epoch from max(now() - greatest(l.run_at, l.changed_at)) filter (
             where l.run_at <= now() and l.attempts = 0)) * 1000, 0)::float8 as "oldestDueMs",
           sum(coalesce(l.payload_bytes, ${assumedPayloadBytes}))::float8 as bytes
    from hbnb_jobs.job_live l where l.state in ('accepted', 'queued') group by l.name`,
}

/** Reads every open job once (0.2 s for a million): not for every request. */
export async function measureWaiting(run: RunStatement): Promise<Waiting[]> {
  return await run<Waiting>(waitingStatement)
}
