import type { Knex } from 'knex'
import type { Locale } from '../domain/locale.ts'

export type Channel = 'email' | 'sms' | 'push'

/** What is said to whom, frozen when it was decided: a retry says the same. */
export interface Notification {
  readonly id: string
  readonly user_id: string
  readonly template: string
  readonly template_version: number
  readonly locale: Locale
  readonly data: Readonly<Record<string, unknown>>
  readonly push_data: Readonly<Record<string, string>>
  readonly entity: string | null
}

/** One channel's decision about a notification; `id` is also the id of the job that sends it. */
export interface Delivery {
  readonly id: string
  readonly notification_id: string
  readonly channel: Channel
  readonly decision: 'send' | 'suppress'
  readonly reason: string | null
  readonly job_id: string | null
}

/** Inserts a notification and its deliveries; rows an earlier run made are left as they are. */
export async function insertNotification(
  tx: Knex.Transaction,
  notification: Notification,
  deliveries: readonly Delivery[],
): Promise<void> {
  await tx('hbnb_jobs.notifications').insert(notification).onConflict('id').ignore()
  await tx('hbnb_jobs.deliveries')
    .insert([...deliveries])
    .onConflict('id')
    .ignore()
}

/** A delivery with what it delivers; undefined when there is none of that id. */
export async function findDelivery(db: Knex, id: string): Promise<(Notification & { channel: Channel }) | undefined> {
  return await db('hbnb_jobs.deliveries as d')
    .join('hbnb_jobs.notifications as n', 'n.id', 'd.notification_id')
    .where('d.id', id)
    .first('n.*', 'd.channel')
}
