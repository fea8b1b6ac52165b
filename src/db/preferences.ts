import type { Knex } from 'knex'
import type { CategoryName } from '../domain/notifications/categories.ts'
import type { Channel } from '../domain/notifications/channel.ts'
import type { QuietHours } from '../domain/notifications/quiet-hours.ts'

/** What a person has said about being told of one category. */
export interface NotificationPreferences {
  /** Without a channel nothing was said about it. */
  readonly chosen: Readonly<Partial<Record<Channel, boolean>>>
  /** On the clock of the person; null: none. */
  readonly quietHours: QuietHours | null
}

/** Of somebody who has said nothing it is known that they have. */
export async function notificationPreferences(
  db: Knex,
  userId: string,
  category: CategoryName,
): Promise<NotificationPreferences> {
  const row = await db('platform.preferences')
    .where({ id: userId })
    .first<
      | { chosen: NotificationPreferences['chosen'] | null; quiet_from: string | null; quiet_to: string | null }
      | undefined
    >(
      db.raw('notifications -> ?::text as chosen', [category]),
      db.raw(`to_char(quiet_from, 'HH24:MI') as quiet_from`),
      db.raw(`to_char(quiet_to, 'HH24:MI') as quiet_to`),
    )
  const { quiet_from = null, quiet_to = null } = row ?? {}
  return {
    chosen: row?.chosen ?? {},
    quietHours: quiet_from === null || quiet_to === null ? null : { from: quiet_from, to: quiet_to },
  }
}
