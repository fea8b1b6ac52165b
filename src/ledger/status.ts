import type { RunStatement } from '../db/statement.ts'
import type { EffectState } from './effect-rows.ts'
import type { JobProgress } from './job-progress.ts'
import { type LogLine, maxLogLines } from './job-log.ts'
import type { StoredError } from './outcome.ts'

/** How jobs end. */
export const finalStates = ['completed', 'skipped', 'failed', 'cancelled', 'quarantined'] as const

/** What people call the state of a job. */
export const jobStates = ['scheduled', 'waiting', 'active', 'retrying', 'parked', ...finalStates] as const

export type JobState = (typeof jobStates)[number]

/**
 * The one place where a state is derived: SQL over `job_live l` and `job_outcomes o` of one job, either of which may be
 * absent (null). A job is retrying while it waits after an attempt that counted.
 */
export const jobStateSql = `
  case
    when o.outcome is not null then o.outcome::text
    when l.state = 'running' then 'active'
    when l.state = 'parked' then 'parked'
    when l.attempts > 0 then 'retrying'
    when l.state = 'accepted' and l.run_at > now() then 'scheduled'
    else 'waiting'
  end`

const standingStatement = {
  name: 'job-standing',
  text: `
    select j.tenant, ${jobStateSql} as state from hbnb_jobs.jobs j
    left join hbnb_jobs.job_live l on l.id = j.id
    left join hbnb_jobs.job_outcomes o on o.id = j.id
    where j.id = $1`,
}

/** Whose job it is and how it stands; undefined when there is none of this id. */
export async function findJobStanding(
  run: RunStatement,
  id: string,
): Promise<{ readonly tenant: string; readonly state: JobState } | undefined> {
  const [row] = await run<{ tenant: string; state: JobState }>(standingStatement, [id])
  return row
}

/** How one run of a job ended; the last one carries the job's outcome. */
export interface AttemptStatus {
  readonly attempt: number
  readonly ending: string
  readonly started_at: string | null
  readonly ended_at: string
  readonly next_at: string | null
  readonly error: StoredError | null
}

/** Everything the ledger knows of one job, for whoever asked for it. Times are ISO 8601 with their offset. */
export interface JobStatus {
  readonly id: string
  readonly name: string
  readonly state: JobState
  readonly attempts: number
  readonly accepted_at: string
  readonly run_at: string
  /** When it is looked at next; null when it has ended, runs, or may start at any time. */
  readonly next_at: string | null
  readonly finished_at: string | null
  readonly result: unknown
  readonly reason: string | null
  readonly error: StoredError | null
  readonly entity: string | null
  readonly tags: readonly string[]
  readonly tenant: string
  readonly batch: string | null
  /** What it says itself while it is open. */
  readonly progress: JobProgress | null
  readonly effects: readonly {
    readonly key: string
    readonly provider: string
    readonly state: EffectState
    readonly provider_id: string | null
    readonly sends: number
  }[]
  readonly children: readonly { readonly id: string; readonly name: string; readonly state: JobState }[]
  readonly attempts_log: readonly AttemptStatus[]
  /** What its attempts have written. */
  readonly log: readonly LogLine[]
}

/** The newest of each are shown; the figures are far above what a job makes in a sane life. */
const maxEffects = 500
const maxChildren = 500
const maxAttempts = 200

const statusStatement = {
  name: 'job-status',
  text: `
    select jsonb_build_object(
      'id', j.id, 'name', j.name, 'state', ${jobStateSql},
      'attempts', coalesce(o.attempts, l.attempts, 0),
      'accepted_at', j.accepted_at, 'run_at', j.run_at,
      'next_at', case
        when l.state in ('accepted', 'parked') and l.run_at > now() then l.run_at
        when l.state = 'queued' and l.attempts > 0 then (
          select max(a.next_at) from hbnb_jobs.job_attempts a where a.job_id = j.id and a.next_at > now())
      end,
      'finished_at', o.finished_at, 'result', o.result, 'reason', o.reason, 'error', coalesce(o.error, l.last_error),
      'entity', j.entity, 'tags', to_jsonb(j.tags), 'tenant', j.tenant, 'batch', j.batch_id, 'progress', l.progress,
      'effects', (
        select coalesce(jsonb_agg(to_jsonb(e) - 'at' order by e.at, e.key), '[]') from (
          select key, provider, state, provider_id, sends, reserved_at as at from hbnb_jobs.effects
          where job_id = j.id order by reserved_at desc limit ${maxEffects}) e),
      'children', (
        select coalesce(jsonb_agg(to_jsonb(c) order by c.id), '[]') from (
          select j.id, j.name, ${jobStateSql} as state
          from hbnb_jobs.jobs j0
          join hbnb_jobs.jobs j on j.parent_id = j0.id
          left join hbnb_jobs.job_live l on l.id = j.id
          left join hbnb_jobs.job_outcomes o on o.id = j.id
          where j0.id = $1 order by j.id desc limit ${maxChildren}) c),
      'attempts_log', (
        select coalesce(jsonb_agg(to_jsonb(a) order by a.ended_at), '[]') from (
          select attempt, ending, started_at, ended_at, next_at, error from hbnb_jobs.job_attempts
          where job_id = j.id order by ended_at desc limit ${maxAttempts}) a),
      'log', (
        select coalesce(jsonb_agg(jsonb_build_object('at', g.at, 'level', g.level, 'message', g.message)
          order by g.at, g.token, g.line), '[]')
        from (select * from hbnb_jobs.job_logs where job_id = j.id order by at desc limit ${maxLogLines}) g),
      'last_attempt', case when o.id is not null then jsonb_build_object(
        'attempt', o.attempts, 'ending', o.outcome, 'started_at', o.started_at, 'ended_at', o.finished_at,
        'next_at', null, 'error', o.error) end
    ) as status
    from hbnb_jobs.jobs j
    left join hbnb_jobs.job_live l on l.id = j.id
    left join hbnb_jobs.job_outcomes o on o.id = j.id
    where j.id = $1 and ($2::text is null or j.tenant = $2)`,
}

/** The status of a job, of one tenant where it is given, in one snapshot; undefined when that has no such job. */
export async function findJobStatus(run: RunStatement, id: string, tenant?: string): Promise<JobStatus | undefined> {
  const [row] = await run<{ status: JobStatus & { last_attempt: AttemptStatus | null } }>(statusStatement, [
    id,
    tenant ?? null,
  ])
  if (!row) return undefined
  const { last_attempt, attempts_log, ...status } = row.status
  return { ...status, attempts_log: last_attempt ? [...attempts_log, last_attempt] : attempts_log }
}
