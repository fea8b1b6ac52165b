import { colon, question } from '../french.ts'
import { guestMessage } from './booking-message.ts'
import { en } from './english.ts'
import { fr } from './french.ts'

/** To the guest, once they have left: how was it? */
export const stayCompleted = guestMessage({
  name: 'stay-completed',
  version: 1,
  fr: {
    ...fr.toGuest,
    subject: view => `Comment s’est passé votre séjour${question} ${view.title}`,
    preheader: () => 'Votre avis aide l’hôte, et les voyageurs qui viendront après vous.',
    heading: 'Merci d’avoir voyagé avec nous',
    opening: () => [
      'Nous espérons que votre séjour vous a plu. Votre avis aide l’hôte, et les voyageurs qui viendront après vous.',
    ],
    button: 'Donner mon avis',
    sms: view => `HBNB: votre séjour est terminé, ${view.title} (${view.city}). Dites-nous ce que vous en avez pensé.`,
    push: {
      title: `Comment s’est passé votre séjour${question}`,
      body: view => `${view.title}, ${view.city}${colon} donnez votre avis.`,
    },
  },
  en: {
    ...en.toGuest,
    subject: view => `How was your stay? ${view.title}`,
    preheader: () => 'Your review helps the host, and the guests who come after you.',
    heading: 'Thank you for travelling with us',
    opening: () => ['We hope you enjoyed your stay. Your review helps the host, and the guests who come after you.'],
    button: 'Write a review',
    sms: view => `HBNB: your stay is over, ${view.title} (${view.city}). Tell us what you thought of it.`,
    push: {
      title: 'How was your stay?',
      body: view => `${view.title}, ${view.city}: write a review.`,
    },
  },
})
