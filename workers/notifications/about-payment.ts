import { findStay } from '../../src/db/bookings.ts'
import { findPayment } from '../../src/db/payments.ts'
import type { User } from '../../src/db/users.ts'
import { mootReason } from '../../src/domain/notifications/moot.ts'
import type { TemplateName } from '../../src/domain/notifications/template-names.ts'
import { Skipped } from '../../src/errors.ts'
import type { Context } from '../runtime/process.ts'
import { notKnown } from './not-known.ts'
import { bookingPage, clickAction, type Subject } from './subject.ts'

/** A payment and the stay it is for, as the person who paid reads about them. */
export async function aboutPayment(
  template: TemplateName,
  reader: User,
  paymentId: string,
  context: Context,
): Promise<Subject | Skipped> {
  const { db, siteUrl } = context
  const payment = await findPayment(db, paymentId)
  if (!payment) return await notKnown('payment', paymentId, context)
  const stay = await findStay(db, payment.booking_id)
  if (!stay) return await notKnown('booking', payment.booking_id, context)
  const moot = mootReason(template, { booking: stay, payment })
  if (moot !== null) return new Skipped(moot)

  return {
    entity: `payment:${payment.id}`,
    data: {
      payment_id: payment.id,
      booking_id: stay.id,
      first_name: reader.first_name,
      place_title: stay.place_title,
      place_city: stay.place_city,
      check_in: stay.check_in,
      check_out: stay.check_out,
      amount_minor: payment.amount_minor,
      refunded_minor: payment.refunded_minor,
      currency: payment.currency,
      ...bookingPage(siteUrl, stay.id),
    },
    pushData: { ...clickAction, type: 'payment_update', payment_id: payment.id, booking_id: stay.id },
    expiresAt: null,
  }
}
