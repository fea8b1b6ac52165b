import type { User } from '../../src/db/users.ts'
import { subjectField, type TemplateName } from '../../src/domain/notifications/template-names.ts'
import type { Skipped } from '../../src/errors.ts'
import type { Context } from '../runtime/process.ts'
import { aboutBooking } from './about-booking.ts'
import { aboutPayment } from './about-payment.ts'
import { aboutReader } from './about-reader.ts'
import type { Subject } from './subject.ts'

/** What a message is about, as its reader reads about it. Whoever asked for it has seen to it that its id is there. */
export async function subjectOf(
  template: TemplateName,
  ids: { readonly booking_id?: string | undefined; readonly payment_id?: string | undefined },
  reader: User,
  context: Context,
): Promise<Subject | Skipped> {
  const field = subjectField(template)
  if (field === 'booking_id') return await aboutBooking(template, reader, ids.booking_id ?? '', context)
  if (field === 'payment_id') return await aboutPayment(template, reader, ids.payment_id ?? '', context)
  return aboutReader(reader, context.siteUrl)
}
