import { english } from '../english.ts'
import type { PaymentView } from './view.ts'

/** What messages about payments have in common in English. */
export const en = {
  ...english,
  facts: (view: PaymentView) => [
    { label: 'Amount', value: view.amount },
    ...(view.isPartlyRefunded ? [{ label: 'Refunded in all', value: view.refunded }] : []),
    { label: 'Place', value: `${view.title}, ${view.city}` },
    { label: 'Check-in', value: view.checkIn },
    { label: 'Check-out', value: view.checkOut },
    { label: 'Booking', value: view.reference },
    { label: 'Payment', value: view.payment },
  ],
  because: 'You receive this message because you booked on HBNB.',
}
