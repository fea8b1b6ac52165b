import { nights as englishNights } from '../english.ts'
import { colon, exclamation, nights } from '../french.ts'
import { guestMessage } from './booking-message.ts'
import { en } from './english.ts'
import { fr } from './french.ts'

/** To the guest: the stay is theirs. */
export const bookingConfirmation = guestMessage({
  name: 'booking-confirmation',
  version: 2,
  fr: {
    ...fr.toGuest,
    subject: view => `Confirmation de réservation${colon} ${view.title}`,
    preheader: fr.stay,
    heading: 'Votre réservation est confirmée',
    opening: () => [`Bonne nouvelle${exclamation} Votre séjour est confirmé.`],
    button: 'Voir ma réservation',
    sms: view =>
      `HBNB: réservation confirmée, ${view.title} (${view.city}), ${fr.dates(view)}, ${nights(view.nights)}, total ${view.total}.`,
    push: {
      title: 'Réservation confirmée',
      body: view => `${view.title}, ${view.city}${colon} ${fr.dates(view)}.`,
    },
  },
  en: {
    ...en.toGuest,
    subject: view => `Booking confirmation: ${view.title}`,
    preheader: en.stay,
    heading: 'Your booking is confirmed',
    opening: () => ['Good news! Your stay is confirmed.'],
    button: 'See my booking',
    sms: view =>
      `HBNB: booking confirmed, ${view.title} (${view.city}), ${en.dates(view)}, ${englishNights(view.nights)}, total ${view.total}.`,
    push: {
      title: 'Booking confirmed',
      body: view => `${view.title}, ${view.city}: ${en.dates(view)}.`,
    },
  },
})
