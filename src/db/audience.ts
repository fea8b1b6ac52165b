import type { Knex } from 'knex'
import type { CategoryName } from '../domain/notifications/categories.ts'
import type { Channel } from '../domain/notifications/channel.ts'

/** What is read of one of many readers to decide what they are told. Personal data. */
export interface Reader {
  readonly id: string
  readonly email: string | null
  /** IANA. */
  readonly zone: string | null
  readonly email_notifications_enabled: boolean
  /** What they have said about the category. */
  readonly chosen: Readonly<Partial<Record<Channel, boolean>>>
  /** `HH:MM` on their clock. */
  readonly quiet_from: string | null
  readonly quiet_to: string | null
  readonly has_device: boolean
  /** How many notifications they were sent within an hour. */
  readonly sent_last_hour: number
}

const readers = `
  select u.id, u.email, u.zone, u.email_notifications_enabled, coalesce(p.notifications -> ?::text, '{}') as chosen,
    to_char(p.quiet_from, 'HH24:MI') as quiet_from, to_char(p.quiet_to, 'HH24:MI') as quiet_to,
    exists (select from platform.devices d where d.user_id = u.id) as has_device,
    (
      select count(*)::int from hbnb_jobs.notifications n
      where n.user_id = u.id and n.created_at > now() - interval '1 hour' and exists (
        select from hbnb_jobs.deliveries d where d.notification_id = n.id and d.decision <> 'suppress'
      )
    ) as sent_last_hour
  from platform.users u left join platform.preferences p on p.id = u.id`

const isMeant = `
  exists (
    select from hbnb_jobs.broadcasts b
    where b.id = ? and b.user_ids is null and (b.country is null or b.country = u.country)
  )
  or u.id in (select unnest(b.user_ids) from hbnb_jobs.broadcasts b where b.id = ?)`

/** How many people a broadcast is for. */
export async function countAudience(db: Knex, broadcastId: string): Promise<number> {
  const { rows } = await db.raw<{ rows: { count: number }[] }>(
    `select count(*)::int as count from platform.users u where ${isMeant}`,
    [broadcastId, broadcastId],
  )
  return rows[0]?.count ?? 0
}

/** The next people a broadcast is for, after `walked_to`, in the order of their ids. */
export async function nextReaders(
  db: Knex,
  { id, category, walked_to }: { readonly id: string; readonly category: CategoryName; readonly walked_to: string },
  limit: number,
): Promise<Reader[]> {
  const { rows } = await db.raw<{ rows: Reader[] }>(
    `${readers} where u.id > ? and (${isMeant}) order by u.id limit ?`,
    [category, walked_to, id, id, limit],
  )
  return rows
}

/** These people as they are now, by their ids; whoever is gone is not there. */
export async function readersOf(
  db: Knex,
  userIds: readonly string[],
  category: CategoryName,
): Promise<Map<string, Reader>> {
  const { rows } = await db.raw<{ rows: Reader[] }>(`${readers} where u.id = any(?::text[])`, [category, [...userIds]])
  return new Map(rows.map(reader => [reader.id, reader]))
}
