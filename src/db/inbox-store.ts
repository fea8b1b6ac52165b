import { insertJobs, wakeChannel } from '../ledger/accept.ts'
import { batcher } from '../ledger/batcher.ts'
import { newJobId } from '../ledger/job-id.ts'
import type { NewJob } from '../ledger/new-job.ts'
import { isDataFault } from './data-fault.ts'
import type { InboxSource } from './inbox-job.ts'
import { type Arrival, inboxRecords, inboxRows } from './inbox-rows.ts'
import type { RunStatement } from './statement.ts'

/** A verified webhook about to be stored. */
export interface IncomingEvent {
  readonly source: InboxSource
  readonly scheme: 'standard' | 'legacy' | 'sendgrid' | 'stripe' | 'twilio'
  /** The sender's id of the event; null when its scheme has none, and then equal bodies count as one for 10 minutes. */
  readonly eventId: string | null
  readonly type: string
  readonly body: unknown
  /** Tells whether an id stands for the same event again. */
  readonly bodySha256: string
  readonly entity: string | null
}

/** What is done with an event: a job, made for its inbox id, or a reason to do nothing. */
export type Reaction = { readonly job: (inboxId: string) => NewJob } | { readonly ignoredBecause: string }

/** What became of an event. `reused`: the id stands for another body; nothing was stored. */
export interface StoredEvent {
  readonly status: 'accepted' | 'ignored' | 'duplicate' | 'reused'
  /** The sender's id, or that of the inbox row. */
  readonly eventId: string
  /** Null when nothing was to be done. */
  readonly jobId: string | null
}

/** Stores an event with its job, unless it is there already. Resolves after the commit. */
export type StoreEvent = (event: IncomingEvent, reaction: Reaction) => Promise<StoredEvent>

/** How long equal bodies without an id count as one event. */
const sameBodyMinutes = 10

/**
 * Events and jobs commit together, so what is in the inbox has its job. Of an event without an id the hash of its body is
 * taken first, as an Idempotency-Key is: two statements that hold the same wait for each other and agree, which a look at
 * the inbox before the insert could not promise. All take keys and ids in one order, so none waits in a circle.
 */
const storeStatement = {
  name: 'inbox-store',
  text: `
    with ${inboxRecords}, taken as (
      insert into hbnb_jobs.idempotency_keys as k (caller, key, request_sha256, job_ids, answer, expires_at)
      select 'webhook:' || source, body_sha256, body_sha256, array_remove(array[job_id], null),
             jsonb_build_object('event_id', event_id), now() + ${sameBodyMinutes} * interval '1 minute'
      from told where is_nameless order by source, body_sha256
      on conflict (caller, key) do update
      set job_ids = excluded.job_ids, answer = excluded.answer, created_at = now(), expires_at = excluded.expires_at
      where k.expires_at <= now()
      returning k.answer->>'event_id' as event_id
    ), stored as (
      insert into hbnb_jobs.webhook_inbox
        (id, source, event_id, scheme, type, body, body_sha256, entity, job_id, handled, handled_reason)
      select id, source, event_id, scheme, type, body, body_sha256, entity, job_id,
             case when ignored_because is not null then 'ignored' end, ignored_because
      from told where not is_nameless or event_id in (select event_id from taken)
      order by source, event_id
      on conflict (source, event_id) do nothing
      returning id, job_id
    ), ${insertJobs('id in (select job_id from stored)')}
    select array(select id from told where id not in (select id from stored)) as repeats,
           case when exists (select from new) then pg_notify('${wakeChannel}', '') end as wake`,
}

/** After the fact, so that it also sees what was committed while the other statement ran. */
const earlierStatement = {
  name: 'inbox-earlier',
  text: `
    select a.place::int, i.event_id as "eventId", i.job_id as "jobId", i.body_sha256 as "bodySha256"
    from unnest($1::text[], $2::text[], $3::text[]) with ordinality as a(source, event_id, body_sha256, place)
    left join hbnb_jobs.idempotency_keys k
      on a.event_id is null and k.caller = 'webhook:' || a.source and k.key = a.body_sha256
    join hbnb_jobs.webhook_inbox i on i.source = a.source and i.event_id = coalesce(a.event_id, k.answer->>'event_id')`,
}

interface Earlier {
  /** Counts what was asked for, from 1. */
  readonly place: number
  readonly eventId: string
  readonly jobId: string | null
  readonly bodySha256: string
}

const maxRowsPerBatch = 500
const maxBatchesInFlight = 2
const maxPartialInFlight = 1

/** Stores events in micro-batches; one that Postgres refuses fails alone. */
export function eventStore(run: RunStatement): StoreEvent {
  const store = batcher(
    { maxItems: maxRowsPerBatch, maxInFlight: maxBatchesInFlight, maxPartialInFlight },
    (arrivals: Arrival[]) => storeEach(run, arrivals),
    isDataFault,
  )
  return (event, reaction) => {
    const inboxId = newJobId()
    // Made here and not with its batch: the job belongs to the trace of this request.
    const job = 'job' in reaction ? reaction.job(inboxId) : null
    const ignoredBecause = 'job' in reaction ? null : reaction.ignoredBecause
    return store({ name: nameOf(event), inboxId, event, job, ignoredBecause })
  }
}

async function storeEach(run: RunStatement, arrivals: readonly Arrival[]): Promise<StoredEvent[]> {
  const firsts = new Map<string, Arrival>()
  for (const arrival of arrivals) if (!firsts.has(arrival.name)) firsts.set(arrival.name, arrival)
  const told = [...firsts.values()]
  const [answer] = await run<{ repeats: string[] }>(storeStatement, inboxRows(told))
  if (answer === undefined) throw new Error('a batch of events got no answer')
  const repeats = new Set(answer.repeats)
  const known = await findEarlier(
    run,
    told.filter(({ inboxId }) => repeats.has(inboxId)),
  )
  return arrivals.map(arrival => {
    const first = firsts.get(arrival.name) ?? arrival
    if (repeats.has(first.inboxId)) return asRepeat(arrival, known.get(arrival.name))
    if (first !== arrival) return asRepeat(arrival, { ...idsOf(first), bodySha256: first.event.bodySha256 })
    return { status: arrival.job === null ? 'ignored' : 'accepted', ...idsOf(arrival) }
  })
}

function nameOf({ source, eventId, bodySha256 }: IncomingEvent): string {
  return eventId === null ? `${source} body ${bodySha256}` : `${source} id ${eventId}`
}

function idsOf({ inboxId, event, job }: Arrival) {
  return { eventId: event.eventId ?? inboxId, jobId: job?.id ?? null }
}

function asRepeat({ event }: Arrival, earlier: Omit<Earlier, 'place'> | undefined): StoredEvent {
  if (earlier === undefined) throw new Error('an event was neither stored nor found')
  const { eventId, jobId, bodySha256 } = earlier
  return { status: bodySha256 === event.bodySha256 ? 'duplicate' : 'reused', eventId, jobId }
}

async function findEarlier(run: RunStatement, arrivals: readonly Arrival[]): Promise<Map<string, Earlier>> {
  if (arrivals.length === 0) return new Map()
  const events = arrivals.map(({ event }) => event)
  const rows = await run<Earlier>(earlierStatement, [
    events.map(({ source }) => source),
    events.map(({ eventId }) => eventId),
    events.map(({ bodySha256 }) => bodySha256),
  ])
  const byPlace = new Map(rows.map(row => [row.place, row]))
  return new Map(
    arrivals.flatMap((arrival, index) => {
      const row = byPlace.get(index + 1)
      return row === undefined ? [] : [[arrival.name, row] as const]
    }),
  )
}
