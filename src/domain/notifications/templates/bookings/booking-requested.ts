import { colon, semicolon } from '../french.ts'
import { guestMessage } from './booking-message.ts'
import { en } from './english.ts'
import { fr } from './french.ts'

/** To the guest: their request is with the host. */
export const bookingRequested = guestMessage({
  name: 'booking-requested',
  version: 1,
  fr: {
    ...fr.toGuest,
    subject: view => `Demande de réservation envoyée${colon} ${view.title}`,
    preheader: fr.stay,
    heading: 'Votre demande est envoyée',
    opening: () => [
      `Nous avons transmis votre demande à l’hôte. Rien n’est encore confirmé${semicolon} nous vous écrirons dès sa réponse.`,
    ],
    button: 'Voir ma demande',
    sms: view =>
      `HBNB: demande envoyée, ${view.title} (${view.city}), ${fr.dates(view)}. Nous vous écrirons dès la réponse.`,
    push: {
      title: 'Demande envoyée',
      body: view => `${view.title}, ${view.city}${colon} ${fr.dates(view)}. En attente de l’hôte.`,
    },
  },
  en: {
    ...en.toGuest,
    subject: view => `Booking request sent: ${view.title}`,
    preheader: en.stay,
    heading: 'Your request is sent',
    opening: () => [
      'We have passed your request on to the host. Nothing is confirmed yet; we will write to you as soon as they answer.',
    ],
    button: 'See my request',
    sms: view =>
      `HBNB: request sent, ${view.title} (${view.city}), ${en.dates(view)}. We will write as soon as the host answers.`,
    push: {
      title: 'Request sent',
      body: view => `${view.title}, ${view.city}: ${en.dates(view)}. Waiting for the host.`,
    },
  },
})
