import type { Knex } from 'knex'

/** A verified webhook as it was stored. */
export interface InboxEvent {
  readonly id: string
  readonly source: string
  /** The sender's id of it, or one made of its body. */
  readonly event_id: string
  readonly type: string
  readonly body: unknown
  readonly entity: string | null
}

export async function findInboxEvent(db: Knex, id: string): Promise<InboxEvent | undefined> {
  return await db('hbnb_jobs.webhook_inbox').where({ id }).first('id', 'source', 'event_id', 'type', 'body', 'entity')
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
