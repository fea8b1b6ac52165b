import type { z } from 'zod'
import type { Locale } from '../../../locale.ts'
import { formatMoney } from '../../../money.ts'
import { formatStayDate } from '../../../stay-date.ts'
import type { MessageView } from '../wording.ts'
import type { paymentData } from './data.ts'

/** The facts of a payment, each already written in the reader's language. */
export interface PaymentView extends MessageView {
  readonly reference: string
  readonly payment: string
  readonly checkIn: string
  readonly checkOut: string
  readonly amount: string
  /** All refunds of the payment together; null when there are none, or their sum is not known. */
  readonly refunded: string | null
  readonly isPartlyRefunded: boolean
}

/** Writes the facts of a payment in the language of its reader. */
export function paymentView(locale: Locale, data: z.output<typeof paymentData>): PaymentView {
  const money = (minor: number) => formatMoney({ minor, currency: data.currency }, locale)
  return {
    reader: data.first_name,
    title: data.place_title,
    city: data.place_city,
    reference: data.booking_id,
    url: data.booking_url ?? null,
    payment: data.payment_id,
    checkIn: formatStayDate(data.check_in, locale),
    checkOut: formatStayDate(data.check_out, locale),
    amount: money(data.amount_minor),
    refunded: data.refunded_minor === 0 ? null : money(data.refunded_minor),
    isPartlyRefunded: data.refunded_minor > 0 && data.refunded_minor < data.amount_minor,
  }
}
