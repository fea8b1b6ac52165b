import type { BookingWording } from './wording.ts'

// French sets a no-break space before a colon and between a number and its noun, a narrow one before ! and ?.
const colon = '\u00a0:'
const exclamation = '\u202f!'
const question = '\u202f?'
const nights = (count: number) => `${count}\u00a0${count > 1 ? 'nuits' : 'nuit'}`
const guests = (count: number) => `${count}\u00a0${count > 1 ? 'voyageurs' : 'voyageur'}`

/** The booking confirmation in French. */
export const fr: BookingWording = {
  subject: title => `Confirmation de réservation${colon} ${title}`,
  preheader: view => `Du ${view.checkIn} au ${view.checkOut}, ${nights(view.nights)}, ${guests(view.guests)}.`,
  heading: 'Votre réservation est confirmée',
  greeting: view => `Bonjour ${view.firstName},`,
  opening: `Bonne nouvelle${exclamation} Votre séjour est confirmé.`,
  facts: view => [
    { label: 'Logement', value: `${view.title}, ${view.city}` },
    { label: 'Arrivée', value: view.checkIn },
    { label: 'Départ', value: view.checkOut },
    { label: 'Durée', value: nights(view.nights) },
    { label: 'Voyageurs', value: String(view.guests) },
    { label: 'Total', value: view.total },
    { label: 'Référence', value: view.bookingId },
  ],
  button: 'Voir ma réservation',
  closing: `Une question${question} Répondez simplement à ce message. À bientôt, l’équipe HBNB.`,
  // Without ê, ç and typographic signs: one of them would double the price of the SMS.
  sms: view =>
    `HBNB: réservation confirmée, ${view.title} (${view.city}), du ${view.checkInShort} au ${view.checkOutShort}, ${nights(view.nights)}, total ${view.total}.`,
  smsReference: view => ` Réf. ${view.bookingId}`,
  pushTitle: 'Réservation confirmée',
  pushBody: view => `${view.title}, ${view.city}${colon} du ${view.checkInShort} au ${view.checkOutShort}.`,
}
