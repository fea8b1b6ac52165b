import type { RunStatement } from '../../db/statement.ts'
import type { StoredError } from '../outcome.ts'
import { crashedAfterMs } from '../processes.ts'
import { type JobState, jobStateSql } from '../status.ts'

/** Everything that decides whether, and when, a job runs. Spans are by the database's clock. */
export interface JobFacts {
  readonly id: string
  readonly name: string
  readonly entity: string | null
  readonly state: JobState
  readonly attempts: number
  readonly reason: string | null
  readonly error: StoredError | null
  readonly finished_at: string | null
  readonly expires_at: string | null
  /** Its row while it is open; null once it has ended. */
  readonly live: {
    readonly state: 'accepted' | 'queued' | 'running' | 'parked'
    readonly due_in_ms: number
    readonly in_state_ms: number
    readonly cancel_requested: boolean
    readonly suspect: boolean
    readonly crashes: number
    /** A newer job that waits under the same unique key. */
    readonly newer_id: string | null
    /** Of its lane, so many are in flight; at most 1,000 are counted. */
    readonly lane_in_flight: number
    /** Of its queue, so many are due before it; at most 1,000 are counted. */
    readonly ahead: number
    readonly owner: {
      readonly id: number
      readonly host: string
      readonly pid: number
      readonly silent_ms: number
    } | null
  } | null
  readonly next_attempt_at: string | null
  readonly paused: { readonly at: string; readonly by: string; readonly reason: string | null } | null
  readonly open_children: number
  readonly effects: readonly {
    readonly key: string
    readonly provider: string
    readonly state: 'reserved' | 'sending' | 'accepted' | 'rejected' | 'unknown'
    readonly provider_id: string | null
    readonly closed: boolean
    readonly at: string | null
    readonly error: StoredError | null
  }[]
  /** What people did to it, newest first. */
  readonly acts: readonly { readonly action: string; readonly actor: string; readonly at: string }[]
  readonly workers: number
  readonly relays: number
}

const mostCounted = 1_000
const mostEffects = 20
const mostActs = 5

const alive = `ended_at is null and beat_at > now() - ${crashedAfterMs} * interval '1 ms'`

const factsStatement = {
  name: 'why-job',
  text: `
    select jsonb_build_object(
      'id', j.id, 'name', j.name, 'entity', j.entity, 'state', ${jobStateSql},
      'attempts', coalesce(o.attempts, l.attempts, 0), 'reason', o.reason, 'error', coalesce(o.error, l.last_error),
      'finished_at', o.finished_at, 'expires_at', j.expires_at,
      'live', case when l.id is not null then jsonb_build_object(
        'state', l.state, 'due_in_ms', extract(epoch from l.run_at - now()) * 1000,
        'in_state_ms', extract(epoch from now() - l.changed_at) * 1000,
        'cancel_requested', l.cancel_requested, 'suspect', l.suspect, 'crashes', l.crashes,
        'newer_id', (
          select n.id from hbnb_jobs.job_live n
          where n.name = l.name and n.unique_key = l.unique_key and n.id > l.id and n.state = 'accepted' and n.run_at <= now()
          order by n.id desc limit 1),
        'lane_in_flight', (
          select count(*) from (
            select from hbnb_jobs.job_live f
            where f.name = l.name and f.priority = l.priority and f.lane = l.lane and f.run_at <= now()
              and f.state in ('queued', 'running') and f.id <> l.id limit ${mostCounted}) as inside),
        'ahead', (
          select count(*) from (
            select from hbnb_jobs.job_live a
            where a.name = l.name and a.id <> l.id and a.run_at <= now() and a.state in ('accepted', 'queued')
              and (a.priority, a.run_at) < (l.priority, l.run_at) limit ${mostCounted}) as inside),
        'owner', (
          select jsonb_build_object('id', p.id, 'host', p.host, 'pid', p.pid,
            'silent_ms', extract(epoch from now() - p.beat_at) * 1000)
          from hbnb_jobs.processes p where p.id = l.owner)) end,
      'next_attempt_at', (
        select max(a.next_at) from hbnb_jobs.job_attempts a where a.job_id = j.id and a.next_at > now()),
      'paused', (
        select jsonb_build_object('at', s.paused_at, 'by', s.paused_by, 'reason', s.paused_reason)
        from hbnb_jobs.queue_settings s where s.name = j.name and s.paused_at is not null),
      'open_children', (
        select count(*) from hbnb_jobs.jobs c join hbnb_jobs.job_live cl using (id) where c.parent_id = j.id),
      'effects', (
        select coalesce(jsonb_agg(to_jsonb(e)), '[]') from (
          select key, provider, state, provider_id, state = 'unknown' and settled_at is not null as closed,
                 coalesce(settled_at, unknown_at, sent_at) as at, error
          from hbnb_jobs.effects where job_id = j.id order by reserved_at, key limit ${mostEffects}) e),
      'acts', (
        select coalesce(jsonb_agg(to_jsonb(t) order by t.at desc), '[]') from (
          select action, actor, at from hbnb_jobs.audit_log where target = 'job:' || j.id order by at desc limit ${mostActs}) t),
      'workers', (select count(*) from hbnb_jobs.processes where kind = 'worker' and draining_at is null and ${alive}),
      'relays', (select count(*) from hbnb_jobs.processes where kind = 'relay' and ${alive})
    ) as facts
    from hbnb_jobs.jobs j
    left join hbnb_jobs.job_live l on l.id = j.id
    left join hbnb_jobs.job_outcomes o on o.id = j.id
    where j.id = $1`,
}

/** Undefined when the ledger has no such job. */
export async function factsOfJob(run: RunStatement, id: string): Promise<JobFacts | undefined> {
  const [row] = await run<{ facts: JobFacts }>(factsStatement, [id])
  return row?.facts
}
