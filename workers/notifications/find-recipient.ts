import type { Knex } from 'knex'
import { isDeleted } from '../../src/db/entity-status.ts'
import type { Notification } from '../../src/db/notifications.ts'
import { findUser, type User } from '../../src/db/users.ts'
import type { Recipient } from '../../src/domain/notifications/recipient.ts'
import { PermanentError, Skipped } from '../../src/errors.ts'

/** An address has no switches: what may be sent to it is said by its category. */
const allOn = { push: true, email: true, sms: true }

/** Where the reader of a notification is reached now. Skipped for a person who was erased, PermanentError for an unknown one. */
export async function findRecipient(db: Knex, notification: Notification): Promise<Recipient | Skipped> {
  const { user_id } = notification
  if (user_id === null) return addressee(notification)
  const user = await findUser(db, user_id)
  if (user) return recipientOf(user)
  if (await isDeleted(db, 'user', user_id)) return new Skipped('erased')
  throw new PermanentError('user-not-found', 'the person is gone')
}

/** Where a user is reached. */
export function recipientOf(user: User): Recipient {
  const { id, email, phone, country, locale, zone } = user
  const switchedOn = { push: true, email: user.email_notifications_enabled, sms: user.sms_notifications_enabled }
  return { userId: id, email, phone, country, locale, zone, switchedOn }
}

/** An address that is no user's. */
export function addressee({ to_email, to_phone, country, locale, zone }: Notification): Recipient {
  return { userId: null, email: to_email, phone: to_phone, country, locale, zone, switchedOn: allOn }
}
