import type { RunStatement } from '../db/statement.ts'
import { type LogLevel, maxLogLines } from './job-log.ts'
import type { JobProgress } from './job-progress.ts'
import type { StoredError } from './outcome.ts'
import { type JobState, jobStateSql } from './status.ts'

/** A job at one moment, as those see it who follow it. */
export interface JobView {
  readonly id: string
  /** `gone`: its retention is over. */
  readonly state: JobState | 'gone'
  readonly attempts: number
  /** When it last changed, in µs since 1970 by the database's clock; 0 when it is gone. */
  readonly changeUs: number
  readonly error: StoredError | null
  readonly reason: string | null
  readonly result: unknown
  readonly progress: JobProgress | null
  /** Lines written since the last look, oldest first. */
  readonly lines: readonly { readonly atUs: number; readonly level: LogLevel; readonly message: string }[]
  /** The database's clock at this look. */
  readonly nowUs: number
}

/** What somebody who looks again knows already. */
export interface SeenJob {
  readonly id: string
  readonly state: string
  readonly changeUs: number
  /** The time of the last log line seen. */
  readonly lineUs: number
}

const us = (column: string): string => `(extract(epoch from ${column}) * 1000000)::float8`

/** A job is open or ended: its outcome is looked for only where it is not live, and its lines by its id alone. */
const changesStatement = {
  name: 'job-changes',
  text: `
    select w.id, s.state, coalesce(o.attempts, l.attempts, 0) as attempts, s.change as "changeUs",
           coalesce(o.error, l.last_error) as error, o.reason, o.result, l.progress,
           coalesce(g.lines, '[]') as lines, ${us('now()')} as "nowUs"
    from unnest($1::uuid[], $2::text[], $3::float8[], $4::float8[]) as w(id, state, change, line)
    left join lateral (select * from hbnb_jobs.job_live l where l.id = w.id) l on true
    left join lateral (select * from hbnb_jobs.job_outcomes o where o.id = w.id and l.id is null) o on true
    cross join lateral (
      select case when l.id is null and o.id is null then 'gone' else ${jobStateSql} end as state,
             coalesce(${us(`greatest(
               l.changed_at, l.progress_at, case when l.run_at <= now() then l.run_at end, o.finished_at)`)}, 0) as change
    ) s
    left join lateral (
      select jsonb_agg(
        jsonb_build_object('atUs', ${us('n.at')}, 'level', n.level, 'message', n.message) order by n.at, n.token, n.line
      ) as lines
      from (
        select * from hbnb_jobs.job_logs where job_id = w.id and at > to_timestamp(w.line / 1000000.0) + interval '1 us'
        order by at desc limit ${maxLogLines}
      ) n
    ) g on true
    where s.state <> w.state or s.change > w.change or g.lines is not null`,
}

/** Of the jobs somebody follows, those that have changed or said something since, in one look. */
export async function findJobChanges(run: RunStatement, seen: readonly SeenJob[]): Promise<JobView[]> {
  return await run<JobView>(changesStatement, [
    seen.map(({ id }) => id),
    seen.map(({ state }) => state),
    seen.map(({ changeUs }) => changeUs),
    seen.map(({ lineUs }) => lineUs),
  ])
}
