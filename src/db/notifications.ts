import type { Knex } from 'knex'
import type { Locale } from '../domain/locale.ts'
import { failedStatuses } from '../domain/notifications/delivery-state.ts'
import type { CategoryName } from '../domain/notifications/categories.ts'
import type { Channel } from '../domain/notifications/channel.ts'

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
  /** The digest in which it is told with others; null: it is told by itself. */
  readonly digest_id: string | null
  readonly read_at: Date | null
  readonly created_at: Date
  readonly cancelled_at: Date | null
  readonly cancelled_reason: string | null
}

/** What must be known of a new notification; the rest has the defaults of its table. */
export type NewNotification = Pick<Notification, 'id' | 'locale' | 'data' | 'push_data' | 'entity'> &
  Partial<Notification>

/** One channel's decision about a notification; `id` is also the id of the job that sends it. */
export interface Delivery {
  readonly id: string
  readonly notification_id: string
  readonly channel: Channel
  readonly decision: 'send' | 'defer' | 'suppress'
  readonly reason: string | null
  /** When a deferred one is looked at again. */
  readonly until: Date | null
  readonly job_id: string | null
}

/** Inserts a notification; one that an earlier run made is left as it is. */
export async function insertNotification(tx: Knex, notification: NewNotification): Promise<void> {
  await tx('hbnb_jobs.notifications').insert(notification).onConflict('id').ignore()
}

/** Inserts notifications that are new. */
export async function insertNotifications(tx: Knex, notifications: readonly NewNotification[]): Promise<void> {
  if (notifications.length > 0) await tx('hbnb_jobs.notifications').insert([...notifications])
}

/** Inserts what was decided of a notification. */
export async function insertDeliveries(tx: Knex, deliveries: readonly Delivery[]): Promise<void> {
  await tx('hbnb_jobs.deliveries').insert([...deliveries])
}

/** Undefined when there is none of that id, or it is another tenant's. */
export async function findNotification(db: Knex, id: string, tenant?: string): Promise<Notification | undefined> {
  return await db('hbnb_jobs.notifications')
    .where({ id, ...(tenant === undefined ? {} : { tenant }) })
    .first()
}

/** What was decided of a notification; empty while it is not decided. */
export async function deliveriesOf(db: Knex, notificationId: string): Promise<Delivery[]> {
  return await db('hbnb_jobs.deliveries').where({ notification_id: notificationId })
}

/** A delivery with what it delivers; its `id` is that of the notification. */
export interface DueDelivery extends Notification, Pick<Delivery, 'channel' | 'decision' | 'reason'> {
  /** An earlier run has asked a provider: the message may be out, and only what became of it is left to learn. */
  readonly is_under_way: boolean
}

/** Of several devices those not yet asked can still be spared, so a push is under way only while one is in doubt. */
const isUnderWay = `
  exists (
    select from hbnb_jobs.effects e where e.job_id = d.job_id
      and (e.state in ('sending', 'unknown') or e.state = 'accepted' and d.channel <> 'push')
  ) as is_under_way`

/** A delivery that is due; undefined when there is none of that id. */
export async function findDelivery(db: Knex, id: string): Promise<DueDelivery | undefined> {
  return await db('hbnb_jobs.deliveries as d')
    .join('hbnb_jobs.notifications as n', 'n.id', 'd.notification_id')
    .where('d.id', id)
    .first('n.*', 'd.channel', 'd.decision', 'd.reason', db.raw(isUnderWay))
}

/** Whether a provider has taken a notification on one of these channels, and has not said since that it failed. */
export async function isReachedBy(db: Knex, notificationId: string, channels: readonly Channel[]): Promise<boolean> {
  const row = await db('hbnb_jobs.deliveries as d')
    .join('hbnb_jobs.effects as e', 'e.job_id', 'd.job_id')
    .where({ 'd.notification_id': notificationId, 'e.state': 'accepted' })
    .whereIn('d.channel', [...channels])
    .whereRaw(`coalesce(d.provider_status, '') <> all(?::text[])`, [[...failedStatuses]])
    .first('d.id')
  return row !== undefined
}

/** Keeps what a message says, once it is known. */
export async function freezeNotification(
  tx: Knex,
  id: string,
  said: Pick<Notification, 'data' | 'push_data' | 'template_version' | 'locale'>,
): Promise<void> {
  await tx('hbnb_jobs.notifications').where({ id }).update(said)
}

/** Whom a notification is for: a user, or an address. */
type To = Pick<Notification, 'user_id' | 'to_email' | 'to_phone'>

/** Lets one decision about a person be made after the other, until the end of the transaction. */
export async function lockReader(tx: Knex, { user_id, to_email, to_phone }: To): Promise<void> {
  await tx.raw('select pg_advisory_xact_lock(hashtextextended(?, 0))', [`reader ${user_id ?? to_email ?? to_phone}`])
}

/** How many notifications were sent to a person since an instant, on any channel. */
export async function countSentSince(tx: Knex, to: To, since: Date): Promise<number> {
  const row = await tx('hbnb_jobs.notifications as n')
    .where({ 'n.user_id': to.user_id, 'n.to_email': to.to_email, 'n.to_phone': to.to_phone })
    .where('n.created_at', '>', since)
    .whereExists(
      tx('hbnb_jobs.deliveries as d').whereRaw('d.notification_id = n.id').where('d.decision', '<>', 'suppress'),
    )
    .count<{ count: string }[]>('* as count')
    .first()
  return Number(row?.count ?? 0)
}

/** Inserts a notification, unless its reader was to be told under the same key before. Answers whether it is new. */
export async function insertOnce(
  tx: Knex,
  notification: NewNotification & { readonly dedupe_key: string | null },
): Promise<boolean> {
  const rows = await tx('hbnb_jobs.notifications').insert(notification).onConflict().ignore().returning('id')
  return rows.length > 0
}

/** The id of the notification that its reader was told under this key. */
export async function findByDedupeKey(
  db: Knex,
  { tenant, user_id, to_email, to_phone, dedupe_key }: To & { readonly tenant: string; readonly dedupe_key: string },
): Promise<string | undefined> {
  const row = await db('hbnb_jobs.notifications')
    .whereRaw('coalesce(user_id, to_email, to_phone) = ?', [user_id ?? to_email ?? to_phone ?? ''])
    .where({ tenant, dedupe_key })
    .first<{ id: string } | undefined>('id')
  return row?.id
}
