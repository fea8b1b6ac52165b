import { colon, exclamation } from '../french.ts'
import { en } from './english.ts'
import { fr } from './french.ts'
import { paymentMessage } from './payment-message.ts'

/** The money has arrived. */
export const paymentSucceeded = paymentMessage({
  name: 'payment-succeeded',
  version: 1,
  fr: {
    ...fr,
    subject: view => `Paiement reçu${colon} ${view.title}`,
    preheader: view => `Nous avons bien reçu ${view.amount}.`,
    heading: 'Votre paiement est reçu',
    opening: view => [`Nous avons bien reçu votre paiement de ${view.amount}. Merci${exclamation}`],
    button: 'Voir ma réservation',
    sms: view => `HBNB: paiement de ${view.amount} confirmé, ${view.title} (${view.city}). Merci !`,
    push: {
      title: 'Paiement reçu',
      body: view => `${view.title}, ${view.city}${colon} ${view.amount}.`,
    },
  },
  en: {
    ...en,
    subject: view => `Payment received: ${view.title}`,
    preheader: view => `We have received ${view.amount}.`,
    heading: 'Your payment has arrived',
    opening: view => [`We have received your payment of ${view.amount}. Thank you!`],
    button: 'See my booking',
    sms: view => `HBNB: payment of ${view.amount} received, ${view.title} (${view.city}). Thank you!`,
    push: {
      title: 'Payment received',
      body: view => `${view.title}, ${view.city}: ${view.amount}.`,
    },
  },
})
