import type { z } from 'zod'
import type { Locale } from '../../../locale.ts'
import { formatMoney } from '../../../money.ts'
import { formatStayDate, formatStayDateShort, nightsBetween } from '../../../stay-date.ts'
import { formatTimeOfDay } from '../../../time-of-day.ts'
import type { MessageView } from '../wording.ts'
import type { guestData, hostData } from './data.ts'

/** The facts of a booking, each already written in the reader's language. */
export interface BookingView extends MessageView {
  readonly reference: string
  /** First name; null when the platform does not know it any more. */
  readonly guest: string | null
  readonly address: string | null
  readonly checkIn: string
  readonly checkOut: string
  readonly checkInShort: string
  readonly checkOutShort: string
  readonly arriveFrom: string | null
  readonly leaveBy: string | null
  readonly nights: number
  readonly guests: number
  readonly total: string
  readonly cancelledBy: 'guest' | 'host' | 'platform' | null
}

/** Writes the facts of a booking in the language of `reader`. */
export function bookingView(
  locale: Locale,
  data: z.output<typeof guestData> | z.output<typeof hostData>,
  reader: string,
): BookingView {
  const time = (at: string | undefined) => (at === undefined ? null : formatTimeOfDay(at, locale))
  return {
    reader,
    title: data.place_title,
    city: data.place_city,
    reference: data.booking_id,
    url: data.booking_url ?? null,
    guest: data.guest_first_name ?? null,
    address: data.place_address ?? null,
    checkIn: formatStayDate(data.check_in, locale),
    checkOut: formatStayDate(data.check_out, locale),
    checkInShort: formatStayDateShort(data.check_in, locale),
    checkOutShort: formatStayDateShort(data.check_out, locale),
    arriveFrom: time(data.check_in_time),
    leaveBy: time(data.check_out_time),
    nights: nightsBetween(data.check_in, data.check_out),
    guests: data.guests,
    total: formatMoney({ minor: data.total_minor, currency: data.currency }, locale),
    cancelledBy: data.cancelled_by ?? null,
  }
}
