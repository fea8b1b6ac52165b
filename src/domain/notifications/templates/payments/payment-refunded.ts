import { colon } from '../french.ts'
import { en } from './english.ts'
import { fr } from './french.ts'
import { paymentMessage } from './payment-message.ts'
import type { PaymentView } from './view.ts'

// Of several refunds only the sum is known, so that is what we say.
const sumInFrench = (view: PaymentView) =>
  view.isPartlyRefunded ? `${view.refunded} en tout, sur les ${view.amount} payés` : view.refunded
const sumInEnglish = (view: PaymentView) =>
  view.isPartlyRefunded ? `${view.refunded} in all, of the ${view.amount} paid` : view.refunded

/** Money is on its way back. Days until it shows: https://docs.stripe.com/refunds */
export const paymentRefunded = paymentMessage({
  name: 'payment-refunded',
  version: 1,
  fr: {
    ...fr,
    subject: view => `Remboursement effectué${colon} ${view.title}`,
    preheader: view => `Nous vous avons remboursé ${sumInFrench(view)}.`,
    heading: 'Votre remboursement est en route',
    opening: view => [
      `Nous vous avons remboursé ${sumInFrench(view)}.`,
      'La somme revient sur le moyen de paiement utilisé. Selon votre banque, elle apparaît sous 5 à 10 jours ouvrés.',
    ],
    button: 'Voir les détails',
    sms: view =>
      `HBNB: nous vous avons remboursé ${sumInFrench(view)}, ${view.title} (${view.city}). Visible sous 5 à 10 jours ouvrés.`,
    push: {
      title: 'Remboursement effectué',
      body: view => `${view.title}, ${view.city}${colon} ${view.refunded}.`,
    },
  },
  en: {
    ...en,
    subject: view => `Refund made: ${view.title}`,
    preheader: view => `We have refunded you ${sumInEnglish(view)}.`,
    heading: 'Your refund is on its way',
    opening: view => [
      `We have refunded you ${sumInEnglish(view)}.`,
      'The money goes back to the means of payment you used. Depending on your bank, it shows within 5 to 10 working days.',
    ],
    button: 'See the details',
    sms: view =>
      `HBNB: we have refunded you ${sumInEnglish(view)}, ${view.title} (${view.city}). It shows within 5 to 10 working days.`,
    push: {
      title: 'Refund made',
      body: view => `${view.title}, ${view.city}: ${view.refunded}.`,
    },
  },
})
