import { colon } from '../french.ts'
import { bookingFacts as englishFacts, en } from './english.ts'
import { bookingFacts as frenchFacts, fr } from './french.ts'
import { paymentMessage } from './payment-message.ts'
import type { PaymentView } from './view.ts'

// Of several refunds only the sum is known, and at times not even that.
const saidInFrench = ({ refunded, amount, isPartlyRefunded }: PaymentView) => {
  if (refunded === null) return 'Un remboursement vous a été fait.'
  return isPartlyRefunded
    ? `Nous vous avons remboursé ${refunded} en tout, sur les ${amount} payés.`
    : `Nous vous avons remboursé ${refunded}.`
}
const saidInEnglish = ({ refunded, amount, isPartlyRefunded }: PaymentView) => {
  if (refunded === null) return 'A refund was made to you.'
  return isPartlyRefunded
    ? `We have refunded you ${refunded} in all, of the ${amount} paid.`
    : `We have refunded you ${refunded}.`
}

const sumFact = (label: string, { refunded }: PaymentView) => (refunded === null ? [] : [{ label, value: refunded }])
const sumAfter = (sign: string, { refunded }: PaymentView) => (refunded === null ? '' : `${sign} ${refunded}`)

/** Money is on its way back. Days until it shows: https://docs.stripe.com/refunds */
export const paymentRefunded = paymentMessage({
  name: 'payment-refunded',
  version: 1,
  fr: {
    ...fr,
    subject: view => `Remboursement effectué${colon} ${view.title}`,
    preheader: saidInFrench,
    heading: 'Votre remboursement est en route',
    opening: view => [
      saidInFrench(view),
      'La somme revient sur le moyen de paiement utilisé. Selon votre banque, elle apparaît sous 5 à 10 jours ouvrés.',
    ],
    facts: view => [{ label: 'Montant payé', value: view.amount }, ...sumFact('Remboursé', view), ...frenchFacts(view)],
    button: 'Voir les détails',
    sms: view =>
      `HBNB: remboursement effectué${sumAfter(',', view)}, ${view.title} (${view.city}). Visible sous 5 à 10 jours ouvrés.`,
    push: {
      title: 'Remboursement effectué',
      body: view => `${view.title}, ${view.city}${sumAfter(colon, view)}.`,
    },
  },
  en: {
    ...en,
    subject: view => `Refund made: ${view.title}`,
    preheader: saidInEnglish,
    heading: 'Your refund is on its way',
    opening: view => [
      saidInEnglish(view),
      'The money goes back to the means of payment you used. Depending on your bank, it shows within 5 to 10 working days.',
    ],
    facts: view => [{ label: 'Amount paid', value: view.amount }, ...sumFact('Refunded', view), ...englishFacts(view)],
    button: 'See the details',
    sms: view =>
      `HBNB: refund made${sumAfter(',', view)}, ${view.title} (${view.city}). It shows within 5 to 10 working days.`,
    push: {
      title: 'Refund made',
      body: view => `${view.title}, ${view.city}${sumAfter(':', view)}.`,
    },
  },
})
