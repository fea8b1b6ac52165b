import { french } from '../french.ts'
import type { PaymentView } from './view.ts'

/** What a payment was for. */
export const bookingFacts = (view: PaymentView) => [
  { label: 'Logement', value: `${view.title}, ${view.city}` },
  { label: 'Arrivée', value: view.checkIn },
  { label: 'Départ', value: view.checkOut },
  { label: 'Réservation', value: view.reference },
  { label: 'Paiement', value: view.payment },
]

/** What messages about payments have in common in French. */
export const fr = {
  ...french,
  facts: (view: PaymentView) => [{ label: 'Montant', value: view.amount }, ...bookingFacts(view)],
  because: 'Vous recevez ce message parce que vous avez réservé sur HBNB.',
}
