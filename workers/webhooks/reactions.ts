import type { Knex } from 'knex'
import sendNotification from '../../queues/notifications/send.ts'
import { noteAsked } from '../../src/db/review-requests.ts'
import type { HbnbEventType } from '../../src/domain/events/hbnb-events.ts'
import type { TemplateName } from '../../src/domain/notifications/template-names.ts'
import { cancelNotifications } from '../../src/ledger/cancel-notifications.ts'
import type { Context } from '../runtime/process.ts'

/** Whom and what an event is about, as the mirror knows it. */
export interface About {
  readonly bookingId?: string
  readonly paymentId?: string
  /** The person that registered. */
  readonly userId?: string
  readonly guestId?: string
  /** Left out while the platform has not told us who the host is. */
  readonly hostId?: string
}

/** One thing that is done about an event, in the transaction of all. Answers the id of the job it made, if it made one. */
type Act = (about: About, tx: Knex.Transaction, context: Context) => Promise<string | undefined>

/**
 * What each event of the platform makes happen, besides what it changes in the mirror. Each row is carried out once for
 * each step of an entity, in one transaction.
 */
export const reactions: Readonly<Record<HbnbEventType, readonly Act[]>> = {
  'booking.created': [tell('guest', 'booking-requested'), tell('host', 'booking-request')],
  'booking.confirmed': [tell('guest', 'booking-confirmation'), tell('host', 'booking-confirmed-host')],
  'booking.cancelled': [takeBackReminders, tell('guest', 'booking-cancelled'), tell('host', 'booking-cancelled-host')],
  'booking.completed': [askForReview, tell('host', 'stay-completed-host')],
  'payment.succeeded': [tell('guest', 'payment-succeeded')],
  'payment.failed': [tell('guest', 'payment-failed')],
  'payment.refunded': [tell('guest', 'payment-refunded')],
  'user.registered': [tell('user', 'welcome')],
  'user.updated': [],
}

function tell(whom: 'guest' | 'host' | 'user', template: TemplateName): Act {
  return async (about, tx, context) => {
    const user_id = about[`${whom}Id`]
    if (user_id === undefined) {
      context.log(`the ${whom} is not told: the platform has not told us who that is`, { template })
      return undefined
    }
    const payload = { user_id, template, booking_id: about.bookingId, payment_id: about.paymentId }
    return await context.enqueue(sendNotification, payload, { key: `notify-${whom}`, tx })
  }
}

/** Once for each stay: who leaves may have been asked already, the day after, when the event comes late. */
async function askForReview(about: About, tx: Knex.Transaction, context: Context): Promise<string | undefined> {
  const { bookingId, guestId } = about
  if (bookingId !== undefined && guestId !== undefined && !(await noteAsked(tx, [bookingId])).has(bookingId)) {
    context.log('the guest is not asked how it was: that was done before')
    return undefined
  }
  return await tell('guest', 'stay-completed')(about, tx, context)
}

async function takeBackReminders({ bookingId }: About, tx: Knex.Transaction, context: Context): Promise<undefined> {
  if (bookingId === undefined) return
  const reminders = {
    entity: `booking:${bookingId}`,
    category: 'reminder',
    reason: 'the booking was cancelled',
  } as const
  const cancelled = await cancelNotifications(tx, reminders)
  if (cancelled > 0) context.log('reminders were taken back', { reminders: cancelled })
}
