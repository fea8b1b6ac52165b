import { guests as englishGuests } from '../english.ts'
import { colon, guests } from '../french.ts'
import { hostMessage } from './booking-message.ts'
import { en } from './english.ts'
import { fr } from './french.ts'

/** To the host: somebody would like to stay, and waits for an answer. */
export const bookingRequest = hostMessage({
  name: 'booking-request',
  version: 1,
  fr: {
    ...fr.toHost,
    subject: view => `Nouvelle demande de réservation${colon} ${view.title}`,
    preheader: fr.stay,
    heading: 'Vous avez une nouvelle demande',
    opening: () => ['Un voyageur souhaite séjourner chez vous et attend votre réponse.'],
    button: 'Répondre à la demande',
    sms: view =>
      `HBNB: nouvelle demande, ${view.title}, ${fr.dates(view)}, ${guests(view.guests)}, ${view.total}. Un voyageur attend votre réponse.`,
    push: {
      title: 'Nouvelle demande de réservation',
      body: view => `${view.title}${colon} ${fr.dates(view)}, ${guests(view.guests)}.`,
    },
  },
  en: {
    ...en.toHost,
    subject: view => `New booking request: ${view.title}`,
    preheader: en.stay,
    heading: 'You have a new request',
    opening: () => ['A guest would like to stay at your place and is waiting for your answer.'],
    button: 'Answer the request',
    sms: view =>
      `HBNB: new request, ${view.title}, ${en.dates(view)}, ${englishGuests(view.guests)}, ${view.total}. A guest is waiting for your answer.`,
    push: {
      title: 'New booking request',
      body: view => `${view.title}: ${en.dates(view)}, ${englishGuests(view.guests)}.`,
    },
  },
})
