import { guests as englishGuests } from '../english.ts'
import { colon, guests } from '../french.ts'
import { hostMessage } from './booking-message.ts'
import { en } from './english.ts'
import { fr } from './french.ts'

/** To the host: their place is booked. */
export const bookingConfirmedHost = hostMessage({
  name: 'booking-confirmed-host',
  version: 1,
  fr: {
    ...fr.toHost,
    subject: view => `Réservation confirmée${colon} ${view.title}`,
    preheader: fr.stay,
    heading: 'Votre logement est réservé',
    opening: () => [
      'La réservation est confirmée. Pensez à préparer l’arrivée et à dire au voyageur comment entrer dans le logement.',
    ],
    button: 'Voir la réservation',
    sms: view => `HBNB: votre logement est réservé, ${view.title}, ${fr.dates(view)}, ${guests(view.guests)}.`,
    push: {
      title: 'Réservation confirmée',
      body: view => `${view.title}${colon} ${fr.dates(view)}, ${guests(view.guests)}.`,
    },
  },
  en: {
    ...en.toHost,
    subject: view => `Booking confirmed: ${view.title}`,
    preheader: en.stay,
    heading: 'Your place is booked',
    opening: () => [
      'The booking is confirmed. Remember to get everything ready, and to tell your guest how to get into the place.',
    ],
    button: 'See the booking',
    sms: view => `HBNB: your place is booked, ${view.title}, ${en.dates(view)}, ${englishGuests(view.guests)}.`,
    push: {
      title: 'Booking confirmed',
      body: view => `${view.title}: ${en.dates(view)}, ${englishGuests(view.guests)}.`,
    },
  },
})
