import { colon } from '../french.ts'
import { guestMessage } from './booking-message.ts'
import { en } from './english.ts'
import { fr } from './french.ts'

const saidInFrench = {
  guest: 'Votre réservation est annulée, comme vous l’avez demandé.',
  host: 'L’hôte a dû annuler votre réservation. Nous en sommes désolés.',
  platform: 'Nous avons dû annuler votre réservation. Nous en sommes désolés.',
}

const saidInEnglish = {
  guest: 'Your booking is cancelled, as you asked.',
  host: 'The host had to cancel your booking. We are sorry.',
  platform: 'We had to cancel your booking. We are sorry.',
}

/** To the guest: they will not stay there, and by whose decision. */
export const bookingCancelled = guestMessage({
  name: 'booking-cancelled',
  version: 1,
  fr: {
    ...fr.toGuest,
    subject: view => `Réservation annulée${colon} ${view.title}`,
    preheader: fr.stay,
    heading: 'Votre réservation est annulée',
    opening: view => [
      view.cancelledBy === null ? 'Votre séjour n’aura pas lieu.' : saidInFrench[view.cancelledBy],
      'Si un remboursement vous est dû, nous vous écrirons dès qu’il sera fait.',
    ],
    button: 'Voir les détails',
    sms: view => `HBNB: votre réservation est annulée, ${view.title} (${view.city}), ${fr.dates(view)}.`,
    push: {
      title: 'Réservation annulée',
      body: view => `${view.title}, ${view.city}${colon} ${fr.dates(view)}.`,
    },
  },
  en: {
    ...en.toGuest,
    subject: view => `Booking cancelled: ${view.title}`,
    preheader: en.stay,
    heading: 'Your booking is cancelled',
    opening: view => [
      view.cancelledBy === null ? 'Your stay will not take place.' : saidInEnglish[view.cancelledBy],
      'If you are due a refund, we will write to you as soon as it is made.',
    ],
    button: 'See the details',
    sms: view => `HBNB: your booking is cancelled, ${view.title} (${view.city}), ${en.dates(view)}.`,
    push: {
      title: 'Booking cancelled',
      body: view => `${view.title}, ${view.city}: ${en.dates(view)}.`,
    },
  },
})
