import type { BookingWording } from './wording.ts'

const nights = (count: number) => `${count} ${count === 1 ? 'night' : 'nights'}`
const guests = (count: number) => `${count} ${count === 1 ? 'guest' : 'guests'}`

/** The booking confirmation in English. */
export const en: BookingWording = {
  subject: title => `Booking confirmation: ${title}`,
  preheader: view => `From ${view.checkIn} to ${view.checkOut}, ${nights(view.nights)}, ${guests(view.guests)}.`,
  heading: 'Your booking is confirmed',
  greeting: view => `Hello ${view.firstName},`,
  opening: 'Good news! Your stay is confirmed.',
  facts: view => [
    { label: 'Place', value: `${view.title}, ${view.city}` },
    { label: 'Check-in', value: view.checkIn },
    { label: 'Check-out', value: view.checkOut },
    { label: 'Length', value: nights(view.nights) },
    { label: 'Guests', value: String(view.guests) },
    { label: 'Total', value: view.total },
    { label: 'Reference', value: view.bookingId },
  ],
  button: 'See my booking',
  closing: 'Any questions? Just answer this message. See you soon, the HBNB team.',
  sms: view =>
    `HBNB: booking confirmed, ${view.title} (${view.city}), from ${view.checkInShort} to ${view.checkOutShort}, ${nights(view.nights)}, total ${view.total}.`,
  smsReference: view => ` Ref. ${view.bookingId}`,
  pushTitle: 'Booking confirmed',
  pushBody: view => `${view.title}, ${view.city}: ${view.checkInShort} to ${view.checkOutShort}.`,
}
