import type { bookingStatuses } from '../platform/booking.ts'
import type { TemplateName } from './template-names.ts'

type BookingStatus = (typeof bookingStatuses)[number]

/** The states of a booking in which a message is still worth reading. One that is not here always is. */
const worthReading: ReadonlyMap<string, readonly BookingStatus[]> = new Map<TemplateName, readonly BookingStatus[]>([
  ['booking-requested', ['pending']],
  ['booking-request', ['pending']],
  ['booking-confirmation', ['pending', 'confirmed', 'completed']],
  ['booking-confirmed-host', ['pending', 'confirmed', 'completed']],
  ['check-in-reminder', ['confirmed']],
  ['stay-completed', ['confirmed', 'completed']],
  ['payment-failed', ['pending', 'confirmed', 'completed']],
])

const paid: ReadonlySet<string> = new Set(['succeeded', 'refunded'])

/** How things stand now; what is not known is left out. */
interface Standing {
  readonly booking?: { readonly status: BookingStatus; readonly check_in: string } | undefined
  readonly payment?: { readonly status: string } | undefined
}

/** Why a message makes no sense any more, or null. `saidCheckIn` is the day it names, if it was written before. */
export function mootReason(template: string, { booking, payment }: Standing, saidCheckIn?: unknown): string | null {
  if (booking && worthReading.get(template)?.includes(booking.status) === false) {
    return booking.status === 'pending' ? 'the booking is not confirmed' : `the booking was ${booking.status} meanwhile`
  }
  if (template === 'check-in-reminder' && booking && saidCheckIn !== undefined && saidCheckIn !== booking.check_in) {
    return 'the stay was moved meanwhile'
  }
  if (template === 'payment-failed' && payment && paid.has(payment.status)) return 'it was paid meanwhile'
  return null
}
