import sendNotification from '../../queues/notifications/send.ts'
import contract from '../../queues/webhooks/process.ts'
import { confirmBooking, findStay } from '../../src/db/bookings.ts'
import { findInboxEvent, markHandled } from '../../src/db/inbox.ts'
import { bookingEvent } from '../../src/domain/booking-event.ts'
import { nextLook } from '../../src/domain/unknown-entity.ts'
import { NotYet, PermanentError, Skipped } from '../../src/errors.ts'
import { process } from '../runtime/process.ts'

export default process(contract, async ({ inbox_id }, { db, job, transaction, enqueue }) => {
  const stored = await findInboxEvent(db, inbox_id)
  if (!stored) throw new PermanentError('unknown-event', 'the inbox has no such event')

  const { event, booking_id } = bookingEvent.parse(stored.body)
  if (event !== 'booking.confirmed') {
    const reason = `nothing reacts to ${event} yet`
    await markHandled(db, inbox_id, 'ignored', reason)
    return new Skipped(reason)
  }

  const stay = await findStay(db, booking_id)
  if (!stay) throw unknownBooking(job.acceptedAt)
  if (stay.status === 'cancelled') {
    const reason = 'the booking was cancelled meanwhile'
    await markHandled(db, inbox_id, 'ignored', reason)
    return new Skipped(reason)
  }

  const notification_job_id = await transaction(async tx => {
    await confirmBooking(tx, booking_id)
    await markHandled(tx, inbox_id, 'processed')
    const payload = { user_id: stay.guest_id, template: 'booking-confirmation', booking_id } as const
    return await enqueue(sendNotification, payload, { key: 'notify-guest', tx })
  })
  return { event, notification_job_id }
})

function unknownBooking(acceptedAt: Date): Error {
  const until = nextLook(acceptedAt, new Date())
  const message = 'the platform has not told us of this booking or its place'
  return until ? new NotYet('unknown-booking', message, until) : new PermanentError('unknown-booking', message)
}
