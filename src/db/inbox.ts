import type { Knex } from 'knex'

/** A verified webhook as it was stored. */
export interface InboxEvent {
  readonly id: string
  readonly source: string
  /** `legacy` events have no id of their sender's. */
  readonly scheme: string
  /** The sender's id of it; where it has none, our own. */
  readonly event_id: string
  readonly body_sha256: string
  readonly type: string
  readonly body: unknown
  readonly entity: string | null
}

export async function findInboxEvent(db: Knex, id: string): Promise<InboxEvent | undefined> {
  const columns = ['id', 'source', 'scheme', 'event_id', 'body_sha256', 'type', 'body', 'entity'] as const
  return await db('hbnb_jobs.webhook_inbox').where({ id }).first<InboxEvent | undefined>(columns)
}

/** Notes what became of an event, so that the inbox explains itself. */
export async function markHandled(
  tx: Knex,
  id: string,
  handled: 'processed' | 'ignored',
  reason?: string,
): Promise<void> {
  await tx('hbnb_jobs.webhook_inbox')
    .where({ id })
    .update({ handled, handled_reason: reason ?? null })
}

/** Members of an event that say nothing of a person but their id. */
const impersonal = ['event', 'user_id', 'occurred_at', 'sequence'] as const

/** Takes out of the bodies of events about people all but what happened to whom, and when. */
export async function forgetWhatWasSaid(
  tx: Knex,
  events: { readonly id: string } | { readonly entity: string },
): Promise<void> {
  await tx('hbnb_jobs.webhook_inbox')
    .where(events)
    .whereRaw(`jsonb_typeof(body) = 'object'`)
    .update({
      body: tx.raw(
        `(select coalesce(jsonb_object_agg(key, value), '{}') from jsonb_each(body) where key = any(?::text[]))`,
        [[...impersonal]],
      ),
    })
}
