import type { Knex } from 'knex'
import { v7 } from 'uuid'
import { acceptJobs } from '../ledger/accept.ts'
import type { NewJob } from '../ledger/new-job.ts'
import { statementsIn } from './statement.ts'

/** A verified webhook about to be stored. */
export interface IncomingEvent {
  readonly source: 'booking' | 'sendgrid'
  readonly scheme: 'standard' | 'legacy' | 'sendgrid'
  /** The sender's id of the event; null when its scheme has none, and then equal bodies count as one for 10 minutes. */
  readonly eventId: string | null
  readonly type: string
  readonly body: unknown
  readonly bodySha256: string
  readonly entity: string | null
}

/** What is done with an event: a job, made for its inbox id, or a reason to do nothing. */
export type Reaction = { readonly job: (inboxId: string) => NewJob } | { readonly ignoredBecause: string }

/** What became of an event. `reused`: the id stands for another body; nothing was stored. */
export interface StoredEvent {
  readonly status: 'accepted' | 'ignored' | 'duplicate' | 'reused'
  readonly eventId: string
  /** Null when nothing was to be done. */
  readonly jobId: string | null
}

interface InboxRow {
  readonly event_id: string
  readonly job_id: string | null
  readonly body_sha256: string
}

/** How long equal bodies without an id count as one event. */
const sameBodyMs = 600_000
const table = 'hbnb_jobs.webhook_inbox'

/** Stores an event and its job in one transaction; one that is already there is left as it was. */
export async function storeEvent(knex: Knex, event: IncomingEvent, reaction: Reaction): Promise<StoredEvent> {
  return await knex.transaction(async tx => {
    const id = v7()
    if (event.eventId === null) {
      const earlier = await lockBody(tx, event)
      if (earlier) return { status: 'duplicate', eventId: earlier.event_id, jobId: earlier.job_id }
    }
    const job = 'job' in reaction ? reaction.job(id) : null
    const eventId = event.eventId ?? (await idOfBody(tx, event, id))
    const added = await tx(table)
      .insert({ id, event_id: eventId, job_id: job?.id ?? null, ...columnsOf(event), ...handledBy(reaction) })
      .onConflict(['source', 'event_id'])
      .ignore()
      .returning<{ id: string }[]>('id')
    if (added.length === 0) return await earlierEvent(tx, event, eventId)
    if (job === null) return { status: 'ignored', eventId, jobId: null }
    await acceptJobs(statementsIn(tx), [job])
    return { status: 'accepted', eventId, jobId: job.id }
  })
}

function columnsOf({ source, scheme, type, body, bodySha256, entity }: IncomingEvent) {
  return { source, scheme, type, body: JSON.stringify(body), body_sha256: bodySha256, entity }
}

function handledBy(reaction: Reaction) {
  return 'job' in reaction ? {} : { handled: 'ignored', handled_reason: reaction.ignoredBecause }
}

/** The insert has waited for whoever held this id, so a new look sees what was committed. */
async function earlierEvent(tx: Knex.Transaction, event: IncomingEvent, eventId: string): Promise<StoredEvent> {
  const row = await tx(table)
    .where({ source: event.source, event_id: eventId })
    .first<InboxRow | undefined>('event_id', 'job_id', 'body_sha256')
  if (!row) throw new Error('an event was neither stored nor found')
  const status = row.body_sha256 === event.bodySha256 ? 'duplicate' : 'reused'
  return { status, eventId: row.event_id, jobId: row.job_id }
}

/** Lets one request at a time handle a body without an id, and answers the row it made before, if recent. */
async function lockBody(tx: Knex.Transaction, event: IncomingEvent): Promise<InboxRow | undefined> {
  await tx.raw('select pg_advisory_xact_lock(hashtextextended(?, 0))', [`${event.source} ${event.bodySha256}`])
  return await tx(table)
    .where({ source: event.source, scheme: event.scheme, body_sha256: event.bodySha256 })
    .whereRaw(`received_at > clock_timestamp() - ? * interval '1 ms'`, [sameBodyMs])
    .orderBy('received_at', 'desc')
    .first<InboxRow | undefined>('event_id', 'job_id', 'body_sha256')
}

/** `sha256:<hex>` the first time; later ones are told apart by their inbox id. */
async function idOfBody(tx: Knex.Transaction, event: IncomingEvent, inboxId: string): Promise<string> {
  const eventId = `sha256:${event.bodySha256}`
  const taken = await tx(table).where({ source: event.source, event_id: eventId }).first('id')
  return taken === undefined ? eventId : `${eventId}.${inboxId}`
}
