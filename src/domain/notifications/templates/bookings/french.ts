import { french, guests, nights } from '../french.ts'
import type { BookingView } from './view.ts'

/** « du 12/12/2026 au 01/01/2027 ». */
const dates = (view: BookingView) => `du ${view.checkInShort} au ${view.checkOutShort}`

/** « Du samedi 12 décembre 2026 au vendredi 1er janvier 2027, 20 nuits, 2 voyageurs. » */
const stay = (view: BookingView) =>
  `Du ${view.checkIn} au ${view.checkOut}, ${nights(view.nights)}, ${guests(view.guests)}.`

const arrival = (view: BookingView) =>
  view.arriveFrom === null ? view.checkIn : `${view.checkIn}, à partir de ${view.arriveFrom}`
const departure = (view: BookingView) =>
  view.leaveBy === null ? view.checkOut : `${view.checkOut}, avant ${view.leaveBy}`

const address = (view: BookingView) => (view.address === null ? [] : [{ label: 'Adresse', value: view.address }])
const guest = (view: BookingView) => (view.guest === null ? [] : [{ label: 'Prénom', value: view.guest }])

const facts = (view: BookingView, whose: readonly { label: string; value: string }[]) => [
  { label: 'Logement', value: `${view.title}, ${view.city}` },
  ...whose,
  { label: 'Arrivée', value: arrival(view) },
  { label: 'Départ', value: departure(view) },
  { label: 'Durée', value: nights(view.nights) },
  { label: 'Voyageurs', value: String(view.guests) },
  { label: 'Total', value: view.total },
  { label: 'Référence', value: view.reference },
]

/** What all messages to guests have in common. */
const toGuest = {
  ...french,
  facts: (view: BookingView) => facts(view, address(view)),
  because: 'Vous recevez ce message parce que vous avez réservé sur HBNB.',
}

/** What all messages to hosts have in common. */
const toHost = {
  ...french,
  facts: (view: BookingView) => facts(view, guest(view)),
  because: 'Vous recevez ce message parce que vous louez un logement sur HBNB.',
}

/** What messages about bookings are put together from in French. */
export const fr = { dates, stay, toGuest, toHost }
