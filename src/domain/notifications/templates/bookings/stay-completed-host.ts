import { colon } from '../french.ts'
import { hostMessage } from './booking-message.ts'
import { en } from './english.ts'
import { fr } from './french.ts'

/** To the host, once the guests have left. */
export const stayCompletedHost = hostMessage({
  name: 'stay-completed-host',
  version: 1,
  fr: {
    ...fr.toHost,
    subject: view => `Séjour terminé${colon} ${view.title}`,
    preheader: fr.stay,
    heading: 'Le séjour est terminé',
    opening: () => [
      'Merci d’avoir accueilli ces voyageurs. Si quelque chose ne s’est pas passé comme prévu, dites-le-nous en répondant à ce message.',
    ],
    button: 'Voir le séjour',
    sms: view => `HBNB: le séjour est terminé, ${view.title}, ${fr.dates(view)}. Merci pour votre accueil.`,
    push: {
      title: 'Séjour terminé',
      body: view => `${view.title}${colon} ${fr.dates(view)}. Merci pour votre accueil.`,
    },
  },
  en: {
    ...en.toHost,
    subject: view => `Stay completed: ${view.title}`,
    preheader: en.stay,
    heading: 'The stay is over',
    opening: () => [
      'Thank you for having these guests. If anything did not go as planned, tell us by answering this message.',
    ],
    button: 'See the stay',
    sms: view => `HBNB: the stay is over, ${view.title}, ${en.dates(view)}. Thank you for hosting.`,
    push: {
      title: 'Stay completed',
      body: view => `${view.title}: ${en.dates(view)}. Thank you for hosting.`,
    },
  },
})
