import type { RunStatement } from '../db/statement.ts'
import type { EffectState } from './effect-rows.ts'
import { defaultTenant } from './new-job.ts'
import type { StoredError } from './outcome.ts'

/** Something outside told us, or we decided; jobs ran; the outside world was asked. */
export type Lane = 'event' | 'jobs' | 'effects'

/** When it happened, in ms since 1970 by the database's clock, with its fraction. */
interface Moment<L extends Lane> {
  readonly atMs: number
  readonly lane: L
}

/** A verified webhook reached the inbox. */
export interface EventMoment extends Moment<'event'> {
  readonly kind: 'event'
  readonly eventId: string
  readonly source: string
  readonly type: string
  readonly handled: 'processed' | 'ignored' | null
  readonly reason: string | null
  /** Null for an event nothing reacts to. */
  readonly jobId: string | null
}

/** A notification was frozen, with a decision per channel. Its job has the same id. */
export interface DecisionMoment extends Moment<'event'> {
  readonly kind: 'decision'
  readonly jobId: string
  readonly template: string
  readonly channels: readonly {
    readonly channel: string
    readonly decision: 'send' | 'defer' | 'suppress'
    readonly reason: string | null
  }[]
}

export interface AcceptedMoment extends Moment<'jobs'> {
  readonly kind: 'accepted'
  readonly jobId: string
  readonly parentId: string | null
  readonly name: string
}

/** How a job had ended before somebody retried it. */
export type EarlierEnd = 'failed' | 'cancelled' | 'quarantined'

/** A run that did not end its job, or an end that was taken back; or, with `ending` null, one going on (`atMs` is then its start). */
export interface AttemptMoment extends Moment<'jobs'> {
  readonly kind: 'attempt'
  readonly jobId: string
  readonly attempt: number
  readonly startedMs: number | null
  readonly ending: 'retry' | 'not-yet' | 'busy' | 'handed-back' | 'parked' | 'crashed' | 'lost' | EarlierEnd | null
  readonly error: StoredError | null
}

export interface OutcomeMoment extends Moment<'jobs'> {
  readonly kind: 'outcome'
  readonly jobId: string
  readonly attempts: number
  readonly startedMs: number | null
  readonly outcome: 'completed' | 'skipped' | 'failed' | 'cancelled' | 'quarantined'
  readonly reason: string | null
  readonly error: StoredError | null
}

/** One step of an effect; all steps of one effect carry its state as it is now. */
export interface EffectMoment extends Moment<'effects'> {
  readonly kind: 'reserved' | 'sent' | 'unknown' | 'settled'
  readonly jobId: string
  readonly effectId: string
  readonly key: string
  readonly provider: string
  readonly state: EffectState
  readonly sends: number
  readonly providerId: string | null
  readonly evidence: string | null
  readonly error: StoredError | null
}

/** One thing that happened to an entity. Ids and facts only: no payload, no text that was sent, nothing personal. */
export type StoryMoment = EventMoment | DecisionMoment | AcceptedMoment | AttemptMoment | OutcomeMoment | EffectMoment

/** The newest jobs of an entity are told; the rest is in the API. */
const maxJobs = 500
const maxMoments = 5_000

const ms = (column: string): string => `(extract(epoch from ${column}) * 1000)::float8`

/** `job:<id>` is the story of one job and its descendants; anything else that of an entity and all they led to. */
const storyStatement = {
  name: 'story',
  text: `
    with recursive told as (
      (select id from hbnb_jobs.jobs where $2::uuid is null and entity = $1 and ($3::text is null or tenant = $3)
       order by id desc limit ${maxJobs})
      union (select id from hbnb_jobs.jobs where id = $2::uuid and ($3::text is null or tenant = $3))
      union select j.id from hbnb_jobs.jobs j join told t on j.parent_id = t.id
    ), these as materialized (select id from told limit ${maxJobs}),
    moments as (
      select received_at as at, 0 as rank, received_at as sequence, jsonb_build_object('kind', 'event', 'lane', 'event',
        'eventId', event_id, 'source', source, 'type', type, 'handled', handled, 'reason', handled_reason, 'jobId', job_id)
        as moment
      from hbnb_jobs.webhook_inbox where id = any(array(
        select id from hbnb_jobs.webhook_inbox where $2::uuid is null and entity = $1
          and ($3::text is null or $3 = '${defaultTenant}' or job_id in (select id from these))
        union
        select (payload->>'inbox_id')::uuid from hbnb_jobs.jobs where id in (select id from these) and payload ? 'inbox_id'))
      union all
      select n.created_at, 2, n.created_at, jsonb_build_object('kind', 'decision', 'lane', 'event', 'jobId', n.id,
        'template', coalesce(n.template, n.category), 'channels', (
          select coalesce(jsonb_agg(jsonb_build_object('channel', channel, 'decision', decision, 'reason', reason)
            order by array_position(array['email', 'sms', 'push'], channel)), '[]')
          from hbnb_jobs.deliveries d where d.notification_id = n.id))
      from hbnb_jobs.notifications n where n.id in (select id from these)
      union all
      select accepted_at, 1, accepted_at, jsonb_build_object('kind', 'accepted', 'lane', 'jobs', 'jobId', id,
        'parentId', parent_id, 'name', name)
      from hbnb_jobs.jobs where id in (select id from these)
      union all
      select ended_at, 4, coalesce(started_at, ended_at), jsonb_build_object('kind', 'attempt', 'lane', 'jobs', 'jobId', job_id,
        'attempt', attempt, 'startedMs', ${ms('started_at')}, 'ending', ending, 'error', error)
      from hbnb_jobs.job_attempts where job_id in (select id from these)
      union all
      select started_at, 5, started_at, jsonb_build_object('kind', 'attempt', 'lane', 'jobs', 'jobId', id,
        'attempt', attempts + 1, 'startedMs', ${ms('started_at')}, 'ending', null, 'error', null)
      from hbnb_jobs.job_live where id in (select id from these) and state = 'running'
      union all
      select finished_at, 6, finished_at, jsonb_build_object('kind', 'outcome', 'lane', 'jobs', 'jobId', id,
        'attempts', attempts, 'startedMs', ${ms('started_at')}, 'outcome', outcome, 'reason', reason, 'error', error)
      from hbnb_jobs.job_outcomes where id in (select id from these)
      union all
      select step.at, 3, e.reserved_at, jsonb_build_object('kind', step.kind, 'lane', 'effects', 'jobId', job_id,
        'effectId', id, 'key', key, 'provider', provider, 'state', state, 'sends', sends, 'providerId', provider_id,
        'evidence', evidence, 'error', error)
      from hbnb_jobs.effects e
      cross join lateral (values ('reserved', reserved_at), ('sent', sent_at), ('unknown', unknown_at), ('settled', settled_at))
        as step(kind, at)
      where job_id in (select id from these) and step.at is not null
    )
    select moment || jsonb_build_object('atMs', ${ms('at')}) as moment from moments
    order by at, rank, sequence, moment->>'name', moment->>'jobId', moment->>'kind' limit ${maxMoments}`,
}

const jobEntity = /^job:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i

/**
 * Everything that happened to an entity (`booking:42`, or `job:<id>` for a job without one), in time order. Empty when
 * nothing is known of it. Of one tenant where it is given: events from outside are those of `default`.
 */
export async function storyOf(run: RunStatement, entity: string, tenant?: string): Promise<StoryMoment[]> {
  const [, jobId = null] = jobEntity.exec(entity) ?? []
  const rows = await run<{ moment: StoryMoment }>(storyStatement, [entity, jobId, tenant ?? null])
  return rows.map(({ moment }) => moment)
}

const entityStatement = { name: 'story-entity', text: `select entity from hbnb_jobs.jobs where id = $1` }

/** Whose story a job belongs to: its entity, or the job itself. Undefined when there is no such job. */
export async function entityOfJob(run: RunStatement, jobId: string): Promise<string | undefined> {
  const [row] = await run<{ entity: string | null }>(entityStatement, [jobId])
  return row && (row.entity ?? `job:${jobId}`)
}
