import type { RunStatement } from '../../db/statement.ts'
import { firstJobIdAt } from '../../ledger/partitions.ts'

/** One change of one job. */
export interface TailEvent {
  readonly id: string
  readonly name: string
  readonly entity: string | null
  /** `accepted`, or the state it came to. */
  readonly state: string
  readonly attempts: number
  readonly why: string | null
  /** With its microseconds, by the database's clock. */
  readonly at: string
}

/** Whose events: all, those of one entity, those of one type. */
export interface TailFilter {
  readonly entity: string | null
  readonly name: string | null
}

/** A job's id holds its time, a child's that of its parent: children of older parents are first seen when they run. */
const parentWindowMs = 60_000
const maxEventsPerPage = 5_000

const eventsStatement = {
  name: 'tail',
  text: `
    with seen as (
      select j.id, j.name, j.entity, 'accepted' as state, 0 as attempts, null::text as why, j.accepted_at as at
      from hbnb_jobs.jobs j where j.id >= $2::uuid and j.accepted_at >= $1::timestamptz
      union all
      select l.id, j.name, j.entity, case when l.state = 'running' then 'active' when l.state = 'parked' then 'parked'
             when l.attempts > 0 then 'retrying' else 'waiting' end, l.attempts,
             case when l.state <> 'running' then l.last_error ->> 'message' end, l.changed_at
      from hbnb_jobs.job_live l join hbnb_jobs.jobs j using (id)
      where l.changed_at >= $1::timestamptz and (l.state in ('running', 'parked') or l.last_error is not null)
      union all
      select o.id, j.name, j.entity, o.outcome::text, o.attempts, coalesce(o.error ->> 'message', o.reason), o.finished_at
      from hbnb_jobs.job_outcomes o join hbnb_jobs.jobs j using (id) where o.finished_at >= $1::timestamptz
    )
    select id, name, entity, state, attempts, why, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at
    from seen where ($3::text is null or entity = $3) and ($4::text is null or name = $4)
      and ($5::uuid is null or (seen.at, id, state) > ($1::timestamptz, $5::uuid, $6::text))
    order by seen.at, id, state limit ${maxEventsPerPage}`,
}

/** What changed since an instant, oldest first, in pages of at most 5,000: however much it is, all of it. */
export async function* eventsSince(run: RunStatement, since: Date, filter: TailFilter): AsyncGenerator<TailEvent[]> {
  let last: TailEvent | undefined
  do {
    const at = last?.at ?? since.toISOString()
    const firstId = firstJobIdAt(Date.parse(at) - parentWindowMs)
    const { entity, name } = filter
    const values = [at, firstId, entity, name, last?.id ?? null, last?.state ?? null]
    const page = await run<TailEvent>(eventsStatement, values)
    yield page
    last = page.length < maxEventsPerPage ? undefined : page.at(-1)
  } while (last !== undefined)
}

/** Instants are those of a transaction's beginning, so one that takes long shows up late: so far back is looked again. */
export const overlapMs = 5_000

/** Begins a look: answers what leaves out, page by page, what the look before has told. The next goes back to `nextSince`. */
export function onlyNew(): (nextSince: Date) => (events: readonly TailEvent[]) => TailEvent[] {
  let told = new Set<string>()
  return nextSince => {
    const before = told
    told = new Set()
    return events => {
      // What no look answers any more is forgotten.
      for (const event of events) if (Date.parse(event.at) >= nextSince.getTime()) told.add(keyOf(event))
      return events.filter(event => !before.has(keyOf(event)))
    }
  }
}

function keyOf({ id, state, at }: TailEvent): string {
  return `${id} ${state} ${at}`
}
