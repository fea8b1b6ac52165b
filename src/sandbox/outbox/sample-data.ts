import type { TemplateName } from '../../domain/notifications/template-names.ts'

const stay = {
  booking_id: 'bk_7f3a',
  place_title: 'La Maison des Dunes, l’été près de la forêt',
  place_city: 'Arcachon',
  check_in: '2026-12-12',
  check_out: '2027-01-01',
  check_in_time: '15:00',
  check_out_time: '11:00',
  guests: 2,
  total_minor: 123_450,
  currency: 'EUR',
  booking_url: 'https://hbnb.example/bookings/bk_7f3a',
}
const toGuest = { ...stay, guest_first_name: 'Chloé' }
const toHost = { ...stay, host_first_name: 'François', guest_first_name: 'Chloé' }

const payment = {
  payment_id: 'py_3Nw2',
  booking_id: stay.booking_id,
  first_name: 'Chloé',
  place_title: stay.place_title,
  place_city: stay.place_city,
  check_in: stay.check_in,
  check_out: stay.check_out,
  amount_minor: stay.total_minor,
  refunded_minor: 0,
  currency: stay.currency,
  booking_url: stay.booking_url,
}

/** Data of each template as a real notification has it, to look at and to test with. */
export const sampleData: Readonly<Record<TemplateName, Readonly<Record<string, unknown>>>> = {
  'booking-requested': toGuest,
  'booking-request': toHost,
  'booking-confirmation': toGuest,
  'booking-confirmed-host': toHost,
  'booking-cancelled': { ...toGuest, cancelled_by: 'host' },
  'booking-cancelled-host': { ...toHost, cancelled_by: 'guest' },
  'stay-completed': toGuest,
  'stay-completed-host': toHost,
  'check-in-reminder': { ...toGuest, place_address: '12 bis, allée des Pêcheurs, 33120 Arcachon' },
  'payment-succeeded': payment,
  'payment-failed': payment,
  'payment-refunded': { ...payment, refunded_minor: 60_000 },
  welcome: { first_name: 'Chloé', site_url: 'https://hbnb.example' },
}
