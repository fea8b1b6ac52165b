import type { Knex } from 'knex'
import { findStay } from '../../src/db/bookings.ts'
import { findDelivery, type Notification } from '../../src/db/notifications.ts'
import { findUser, type User } from '../../src/db/users.ts'
import { PermanentError, Skipped } from '../../src/errors.ts'

/** What a channel sends and to whom, read anew at each attempt. */
export interface LoadedDelivery {
  readonly notification: Notification
  readonly user: User
}

/** Loads a delivery. PermanentError when there is nobody to send to, Skipped when there is nothing left to say. */
export async function loadDelivery(db: Knex, deliveryId: string): Promise<LoadedDelivery | Skipped> {
  const notification = await findDelivery(db, deliveryId)
  if (!notification) throw new PermanentError('unknown-delivery', 'there is no such delivery')
  const user = await findUser(db, notification.user_id)
  if (!user) throw new PermanentError('user-not-found', 'the person is gone')
  const stay = await findStay(db, String(notification.data.booking_id))
  if (stay?.status === 'cancelled') return new Skipped('the booking was cancelled meanwhile')
  return { notification, user }
}
