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

/** Takes what an event told of its entity out of its body. */
export async function forgetSnapshot(tx: Knex, id: string): Promise<void> {
  await tx('hbnb_jobs.webhook_inbox')
    .where({ id })
    .update({ body: tx.raw(`body - 'data'`) })
}
