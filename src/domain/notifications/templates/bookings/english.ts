import { english, guests, nights } from '../english.ts'
import type { BookingView } from './view.ts'

/** "from 12 Dec 2026 to 1 Jan 2027". */
const dates = (view: BookingView) => `from ${view.checkInShort} to ${view.checkOutShort}`

/** "From Saturday 12 December 2026 to Friday 1 January 2027, 20 nights, 2 guests." */
const stay = (view: BookingView) =>
  `From ${view.checkIn} to ${view.checkOut}, ${nights(view.nights)}, ${guests(view.guests)}.`

const arrival = (view: BookingView) =>
  view.arriveFrom === null ? view.checkIn : `${view.checkIn}, from ${view.arriveFrom}`
const departure = (view: BookingView) =>
  view.leaveBy === null ? view.checkOut : `${view.checkOut}, before ${view.leaveBy}`

const address = (view: BookingView) => (view.address === null ? [] : [{ label: 'Address', value: view.address }])
const guest = (view: BookingView) => (view.guest === null ? [] : [{ label: 'First name', value: view.guest }])

const facts = (view: BookingView, whose: readonly { label: string; value: string }[]) => [
  { label: 'Place', value: `${view.title}, ${view.city}` },
  ...whose,
  { label: 'Check-in', value: arrival(view) },
  { label: 'Check-out', value: departure(view) },
  { label: 'Length', value: nights(view.nights) },
  { label: 'Guests', value: String(view.guests) },
  { label: 'Total', value: view.total },
  { label: 'Reference', value: view.reference },
]

/** What all messages to guests have in common. */
const toGuest = {
  ...english,
  facts: (view: BookingView) => facts(view, address(view)),
  because: 'You receive this message because you booked on HBNB.',
}

/** What all messages to hosts have in common. */
const toHost = {
  ...english,
  facts: (view: BookingView) => facts(view, guest(view)),
  because: 'You receive this message because you rent out a place on HBNB.',
}

/** What messages about bookings are put together from in English. */
export const en = { dates, stay, toGuest, toHost }
