import type { Knex } from 'knex'
import type { Refusal } from '../domain/notifications/reasons.ts'

/** One of the deliveries that a job sends together. */
export interface BatchDelivery {
  readonly id: string
  readonly user_id: string
  readonly decision: 'send' | 'defer'
  readonly read_at: Date | null
}

/** What a job sends together, in the order of the ids. */
export async function batchDeliveries(db: Knex, jobId: string): Promise<BatchDelivery[]> {
  return await db('hbnb_jobs.deliveries as d')
    .join('hbnb_jobs.notifications as n', 'n.id', 'd.notification_id')
    .where('d.job_id', jobId)
    .whereNot('d.decision', 'suppress')
    .orderBy('d.id')
    .select('d.id', 'n.user_id', 'd.decision', 'n.read_at')
}

/** Ends deliveries before anything was sent. Their job goes on without them, so they themselves must say why. */
export async function suppressDeliveries(
  db: Knex,
  refused: readonly { readonly id: string; readonly reason: Refusal }[],
): Promise<void> {
  if (refused.length === 0) return
  await db.raw(
    `update hbnb_jobs.deliveries d set decision = 'suppress', reason = r.reason, until = null
     from jsonb_to_recordset(?::jsonb) as r (id uuid, reason text) where d.id = r.id`,
    [JSON.stringify(refused)],
  )
}
