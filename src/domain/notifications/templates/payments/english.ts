import { english } from '../english.ts'
import type { PaymentView } from './view.ts'

/** What a payment was for. */
export const bookingFacts = (view: PaymentView) => [
  { label: 'Place', value: `${view.title}, ${view.city}` },
  { label: 'Check-in', value: view.checkIn },
  { label: 'Check-out', value: view.checkOut },
  { label: 'Booking', value: view.reference },
  { label: 'Payment', value: view.payment },
]

/** What messages about payments have in common in English. */
export const en = {
  ...english,
  facts: (view: PaymentView) => [{ label: 'Amount', value: view.amount }, ...bookingFacts(view)],
  because: 'You receive this message because you booked on HBNB.',
}
