import type { Knex } from 'knex'
import { isDeleted } from '../../src/db/entity-status.ts'
import type { Notification } from '../../src/db/notifications.ts'
import { findUser } from '../../src/db/users.ts'
import type { Recipient } from '../../src/domain/notifications/recipient.ts'
import { PermanentError, Skipped } from '../../src/errors.ts'

/** Where the reader of a notification is reached now. Skipped for a person who was erased, PermanentError for an unknown one. */
export async function findRecipient(
  db: Knex,
  { user_id, to_email, to_phone, country, locale, zone }: Notification,
): Promise<Recipient | Skipped> {
  if (user_id === null) return { userId: null, email: to_email, phone: to_phone, country, locale, zone }
  const user = await findUser(db, user_id)
  if (user) {
    const { email, phone } = user
    return { userId: user.id, email, phone, country: user.country, locale: user.locale, zone: user.zone }
  }
  if (await isDeleted(db, 'user', user_id)) return new Skipped('erased')
  throw new PermanentError('user-not-found', 'the person is gone')
}
