import { colon, exclamation } from '../french.ts'
import { guestMessage } from './booking-message.ts'
import { en } from './english.ts'
import { fr } from './french.ts'
import type { BookingView } from './view.ts'

// The day is named: "tomorrow" would be wrong in a message that was held back for a night.
const whenInFrench = (view: BookingView) =>
  view.arriveFrom === null ? `le ${view.checkIn}` : `le ${view.checkIn}, à partir de ${view.arriveFrom}`
const whenInEnglish = (view: BookingView) =>
  view.arriveFrom === null ? `on ${view.checkIn}` : `on ${view.checkIn}, from ${view.arriveFrom}`

/** To the guest, the day before: when they may come, and where to. */
export const checkInReminder = guestMessage({
  name: 'check-in-reminder',
  version: 1,
  fr: {
    ...fr.toGuest,
    subject: view => `Votre séjour approche${colon} ${view.title}`,
    preheader: view => `Arrivée ${whenInFrench(view)}.`,
    heading: 'Votre séjour approche',
    opening: view => [`Votre séjour commence ${whenInFrench(view)}. Bon voyage${exclamation}`],
    button: 'Voir ma réservation',
    sms: view =>
      `HBNB: votre séjour commence le ${view.checkInShort}${view.arriveFrom === null ? '' : ` à partir de ${view.arriveFrom}`}, ${view.title} (${view.city}). Bon voyage !`,
    push: {
      title: 'Votre séjour approche',
      body: view => `${view.title}, ${view.city}${colon} arrivée ${whenInFrench(view)}.`,
    },
  },
  en: {
    ...en.toGuest,
    subject: view => `Your stay is coming up: ${view.title}`,
    preheader: view => `Check-in ${whenInEnglish(view)}.`,
    heading: 'Your stay is coming up',
    opening: view => [`Your stay begins ${whenInEnglish(view)}. Have a good trip!`],
    button: 'See my booking',
    sms: view =>
      `HBNB: your stay begins on ${view.checkInShort}${view.arriveFrom === null ? '' : ` from ${view.arriveFrom}`}, ${view.title} (${view.city}). Have a good trip!`,
    push: {
      title: 'Your stay is coming up',
      body: view => `${view.title}, ${view.city}: check-in ${whenInEnglish(view)}.`,
    },
  },
})
