import type { Knex } from 'knex'
import { z } from 'zod'
import { findStay } from '../../src/db/bookings.ts'
import { findDelivery, type Notification } from '../../src/db/notifications.ts'
import { findPayment } from '../../src/db/payments.ts'
import { findUser, type User } from '../../src/db/users.ts'
import { mootReason } from '../../src/domain/notifications/moot.ts'
import { templateVersion } from '../../src/domain/notifications/templates/registry.ts'
import { NotYet, PermanentError, Skipped } from '../../src/errors.ts'

/** How long a worker leaves a message alone that a newer one has written. */
const newerWorkerMs = 30_000

/** What a channel sends and to whom, read anew at each attempt. */
export interface LoadedDelivery {
  readonly notification: Notification
  readonly user: User
}

const subject = z.object({
  booking_id: z.string().optional(),
  payment_id: z.string().optional(),
  check_in: z.string().optional(),
})

/** Loads a delivery. PermanentError when there is nobody to send to, Skipped when there is nothing left to say. */
export async function loadDelivery(db: Knex, deliveryId: string): Promise<LoadedDelivery | Skipped> {
  const notification = await findDelivery(db, deliveryId)
  if (!notification) throw new PermanentError('unknown-delivery', 'there is no such delivery')
  const user = await findUser(db, notification.user_id)
  if (!user) throw new PermanentError('user-not-found', 'the person is gone')
  if (notification.template_version > templateVersion(notification.template)) {
    const until = new Date(Date.now() + newerWorkerMs)
    throw new NotYet('newer-template', 'the message was written for a newer version of its template', until)
  }
  const { booking_id, payment_id, check_in } = subject.parse(notification.data)
  const [booking, payment] = await Promise.all([
    booking_id === undefined ? undefined : findStay(db, booking_id),
    payment_id === undefined ? undefined : findPayment(db, payment_id),
  ])
  const moot = mootReason(notification.template, { booking, payment }, check_in)
  return moot === null ? { notification, user } : new Skipped(moot)
}
