import { french } from '../french.ts'
import type { PaymentView } from './view.ts'

/** What messages about payments have in common in French. */
export const fr = {
  ...french,
  facts: (view: PaymentView) => [
    { label: 'Montant', value: view.amount },
    ...(view.isPartlyRefunded ? [{ label: 'Remboursé en tout', value: view.refunded }] : []),
    { label: 'Logement', value: `${view.title}, ${view.city}` },
    { label: 'Arrivée', value: view.checkIn },
    { label: 'Départ', value: view.checkOut },
    { label: 'Réservation', value: view.reference },
    { label: 'Paiement', value: view.payment },
  ],
  because: 'Vous recevez ce message parce que vous avez réservé sur HBNB.',
}
