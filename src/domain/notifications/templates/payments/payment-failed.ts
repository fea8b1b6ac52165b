import { colon } from '../french.ts'
import { en } from './english.ts'
import { fr } from './french.ts'
import { paymentMessage } from './payment-message.ts'

/** The money did not come: what the reader can do about it. */
export const paymentFailed = paymentMessage({
  name: 'payment-failed',
  version: 1,
  fr: {
    ...fr,
    subject: view => `Votre paiement n’a pas abouti${colon} ${view.title}`,
    preheader: view => `Reste à régler${colon} ${view.amount}.`,
    heading: 'Votre paiement n’a pas abouti',
    opening: view => [
      `Le paiement de ${view.amount} a été refusé. Vérifiez votre moyen de paiement, puis essayez de nouveau pour garder votre réservation.`,
    ],
    button: 'Essayer de nouveau',
    sms: view =>
      `HBNB: paiement de ${view.amount} refusé, ${view.title} (${view.city}). Essayez de nouveau pour garder votre réservation.`,
    push: {
      title: 'Paiement refusé',
      body: view => `${view.title}, ${view.city}${colon} ${view.amount} à régler.`,
    },
  },
  en: {
    ...en,
    subject: view => `Your payment did not go through: ${view.title}`,
    preheader: view => `Still due: ${view.amount}.`,
    heading: 'Your payment did not go through',
    opening: view => [
      `The payment of ${view.amount} was declined. Check your means of payment, then try again to keep your booking.`,
    ],
    button: 'Try again',
    sms: view =>
      `HBNB: payment of ${view.amount} declined, ${view.title} (${view.city}). Try again to keep your booking.`,
    push: {
      title: 'Payment declined',
      body: view => `${view.title}, ${view.city}: ${view.amount} still due.`,
    },
  },
})
