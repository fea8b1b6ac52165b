import { colon } from '../french.ts'
import { hostMessage } from './booking-message.ts'
import { en } from './english.ts'
import { fr } from './french.ts'

const saidInFrench = {
  guest: 'Le voyageur a annulé sa réservation.',
  host: 'La réservation est annulée, comme vous l’avez demandé.',
  platform: 'Nous avons dû annuler cette réservation.',
}

const saidInEnglish = {
  guest: 'The guest has cancelled their booking.',
  host: 'The booking is cancelled, as you asked.',
  platform: 'We had to cancel this booking.',
}

/** To the host: nobody will come, and by whose decision. */
export const bookingCancelledHost = hostMessage({
  name: 'booking-cancelled-host',
  version: 1,
  fr: {
    ...fr.toHost,
    subject: view => `Réservation annulée${colon} ${view.title}`,
    preheader: fr.stay,
    heading: 'Une réservation est annulée',
    opening: view => [
      view.cancelledBy === null ? 'Ce séjour n’aura pas lieu.' : saidInFrench[view.cancelledBy],
      'Ces dates sont de nouveau libres.',
    ],
    button: 'Voir les détails',
    sms: view => `HBNB: réservation annulée, ${view.title}, ${fr.dates(view)}. Ces dates sont de nouveau libres.`,
    push: {
      title: 'Réservation annulée',
      body: view => `${view.title}${colon} ${fr.dates(view)}.`,
    },
  },
  en: {
    ...en.toHost,
    subject: view => `Booking cancelled: ${view.title}`,
    preheader: en.stay,
    heading: 'A booking is cancelled',
    opening: view => [
      view.cancelledBy === null ? 'This stay will not take place.' : saidInEnglish[view.cancelledBy],
      'These dates are free again.',
    ],
    button: 'See the details',
    sms: view => `HBNB: booking cancelled, ${view.title}, ${en.dates(view)}. These dates are free again.`,
    push: {
      title: 'Booking cancelled',
      body: view => `${view.title}: ${en.dates(view)}.`,
    },
  },
})
