import { firstJobIdAt } from '../ledger/partitions.ts'
import type { InboxSource } from './inbox-job.ts'
import type { RunStatement } from './statement.ts'

/**
 * How an event stands. `waiting`: its job has not ended. `failed`: it has, and nobody said what became of the event.
 */
export const inboxStates = ['waiting', 'processed', 'ignored', 'failed'] as const

/** One of {@link inboxStates}. */
export type InboxState = (typeof inboxStates)[number]

/** Which events: all that are given must hold. Nothing given means every event. */
export interface InboxFilter {
  readonly source?: InboxSource | undefined
  readonly type?: string | undefined
  readonly entity?: string | undefined
  readonly state?: InboxState | undefined
  /** By the time in the id: when it was stored. */
  readonly since?: Date | undefined
  readonly until?: Date | undefined
}

/** One event of the inbox, without its body. Times are ISO 8601 with their offset. */
export interface FoundEvent {
  readonly id: string
  readonly source: InboxSource
  /** The sender's id of it. */
  readonly event_id: string
  readonly type: string
  readonly entity: string | null
  readonly scheme: string
  readonly received_at: string
  readonly state: InboxState
  /** Why it was ignored or failed, or what its job waits for. */
  readonly reason: string | null
  /** The newest job that was made for it; null when nothing reacts to it. */
  readonly job_id: string | null
  readonly replays: number
}

const isOpen = 'exists (select from hbnb_jobs.job_live l where l.id = e.job_id)'

const conditionOfState: Readonly<Record<InboxState, string>> = {
  waiting: `e.handled is null and ${isOpen}`,
  processed: `e.handled = 'processed'`,
  ignored: `e.handled = 'ignored'`,
  failed: `e.handled is null and not ${isOpen}`,
}

/** Over an event `e`, the open job `l` and the outcome `o` of its job, either of which may be absent. */
const stateSql = `case when e.handled is not null then e.handled when l.id is not null then 'waiting' else 'failed' end`

const reasonSql = `
  case
    when e.handled is not null then e.handled_reason
    when l.id is not null then l.last_error ->> 'message'
    when o.id is null then 'its job is not kept any more, and did not say what became of the event'
    else coalesce(o.error ->> 'message', o.reason, 'its job has ended and did not say what became of the event')
  end`

/** The facts of events `picked (id)`, as {@link FoundEvent}; bodies are left out. */
export const eventFactsSql = `
  select e.id, jsonb_build_object(
    'id', e.id, 'source', e.source, 'event_id', e.event_id, 'type', e.type, 'entity', e.entity, 'scheme', e.scheme,
    'received_at', e.received_at, 'state', ${stateSql}, 'reason', ${reasonSql}, 'job_id', e.job_id, 'replays', e.replays
  ) as facts
  from picked p join hbnb_jobs.webhook_inbox e on e.id = p.id
  left join hbnb_jobs.job_live l on l.id = e.job_id
  left join hbnb_jobs.job_outcomes o on o.id = e.job_id`

type Bind = (value: unknown) => string

function conditionsOf({ source, type, entity, state, since, until }: InboxFilter, bind: Bind): string[] {
  return [
    ...(source === undefined ? [] : [`e.source = ${bind(source)}`]),
    ...(type === undefined ? [] : [`e.type = ${bind(type)}`]),
    ...(entity === undefined ? [] : [`e.entity = ${bind(entity)}`]),
    ...(state === undefined ? [] : [conditionOfState[state]]),
    ...(since === undefined ? [] : [`e.id >= ${bind(firstJobIdAt(since.getTime()))}::uuid`]),
    ...(until === undefined ? [] : [`e.id < ${bind(firstJobIdAt(until.getTime()))}::uuid`]),
  ]
}

function idsSql(conditions: readonly string[], order: 'asc' | 'desc', limit: number): string {
  const all = conditions.length > 0 ? conditions.join(' and ') : 'true'
  return `select e.id from hbnb_jobs.webhook_inbox e where ${all} order by e.id ${order} limit ${limit}`
}

/** How many events one page may have. */
export const maxEventsPerPage = 200

/**
 * Events, newest first, at most `limit`. `next` is given as `before` for the next page, null at the end: no event is met
 * twice, and none that stays in the filter is missed.
 */
export async function searchInbox(
  run: RunStatement,
  filter: InboxFilter,
  { limit, before }: { readonly limit: number; readonly before?: string | undefined },
): Promise<{ readonly events: FoundEvent[]; readonly next: string | null }> {
  if (limit < 1 || limit > maxEventsPerPage) throw new RangeError(`a page has 1 to ${maxEventsPerPage} events`)
  const values: unknown[] = []
  const bind: Bind = value => `$${values.push(value)}`
  const conditions = [...conditionsOf(filter, bind), ...(before === undefined ? [] : [`e.id < ${bind(before)}::uuid`])]
  const text = `
    with picked as materialized (${idsSql(conditions, 'desc', limit + 1)})
    select facts from (${eventFactsSql}) as found order by id desc`
  // Without a name, so that it is planned for these values: what is rare decides which index is right.
  const rows = await run<{ facts: FoundEvent }>({ name: '', text }, values)
  const events = rows.slice(0, limit).map(({ facts }) => facts)
  return { events, next: rows.length > limit ? (events.at(-1)?.id ?? null) : null }
}

/** The ids of at most `limit` events, oldest first. */
export async function inboxIds(run: RunStatement, filter: InboxFilter, limit: number): Promise<string[]> {
  const values: unknown[] = []
  const conditions = conditionsOf(filter, value => `$${values.push(value)}`)
  const rows = await run<{ id: string }>({ name: '', text: idsSql(conditions, 'asc', limit) }, values)
  return rows.map(({ id }) => id)
}
