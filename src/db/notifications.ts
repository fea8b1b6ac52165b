import type { Knex } from 'knex'
import type { Locale } from '../domain/locale.ts'
import type { CategoryName } from '../domain/notifications/categories.ts'

export type Channel = 'email' | 'sms' | 'push'

/** How soon a message matters: low ones wait for the day, high ones for nothing. */
export type Urgency = 'low' | 'normal' | 'high'

/** What is said to whom, frozen when it was decided: a retry says the same. */
export interface Notification {
  readonly id: string
  readonly tenant: string
  /** Null for an address that is no user's; then one of `to_email` and `to_phone` is there. */
  readonly user_id: string | null
  readonly to_email: string | null
  readonly to_phone: string | null
  readonly country: string | null
  readonly zone: string | null
  /** Null when somebody else has written it: `title` and `body`. */
  readonly template: string | null
  readonly template_version: number | null
  readonly title: string | null
  readonly body: string | null
  readonly locale: Locale
  readonly data: Readonly<Record<string, unknown>>
  readonly push_data: Readonly<Record<string, string>>
  readonly entity: string | null
  readonly category: CategoryName
  readonly urgency: Urgency
  /** Those its sender has named; null: the sender left it to us. */
  readonly channels: readonly Channel[] | null
  readonly expires_at: Date | null
  readonly read_at: Date | null
  readonly cancelled_at: Date | null
}

/** What must be known of a new notification; the rest has the defaults of its table. */
export type NewNotification = Pick<Notification, 'id' | 'locale' | 'data' | 'push_data' | 'entity'> &
  Partial<Notification>

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
  notification: NewNotification,
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
