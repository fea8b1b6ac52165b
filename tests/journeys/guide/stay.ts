/** What the tests know of one booking and of all it names, each under an id of its own. */
export interface Stay {
  readonly booking: string
  readonly place: string
  readonly guest: string
  readonly host: string
  readonly email: string
  readonly hostEmail: string
  readonly phone: string
  readonly device: string
}

type Entity = Readonly<Record<string, unknown>>

const firstPhone = 33_612_345_000

/** The `n`th stay: ids and addresses no other has. */
export function stayOf(n: number): Stay {
  return {
    booking: `booking-${n}`,
    place: `place-${n}`,
    guest: `guest-${n}`,
    host: `host-${n}`,
    email: `guest-${n}@example.test`,
    hostEmail: `host-${n}@example.test`,
    phone: `+${firstPhone + n}`,
    device: `token-${n}`,
  }
}

export const guestOf = ({ email, phone, device }: Stay): Entity => ({
  version: 1,
  first_name: 'Camille',
  last_name: 'Durand',
  email,
  phone,
  country: 'FR',
  locale: 'fr',
  zone: 'Europe/Paris',
  fcm_tokens: [device],
})

export const hostOf = ({ hostEmail }: Stay): Entity => ({
  version: 1,
  first_name: 'Dominique',
  email: hostEmail,
  locale: 'fr',
})

export const placeOf = ({ host }: Stay): Entity => ({
  version: 1,
  host_id: host,
  title: 'Cabane dans les pins',
  description: 'Au calme, à cent mètres du bassin.',
  city: 'Arcachon',
  country: 'FR',
  zone: 'Europe/Paris',
  location: { lat: 44.6586, lon: -1.1687 },
  price_minor: 12_000,
  currency: 'EUR',
  amenities: [],
  created_at: '2026-01-05T09:00:00Z',
})

export const bookingOf = ({ place, guest }: Stay): Entity => ({
  version: 1,
  place_id: place,
  guest_id: guest,
  status: 'pending',
  check_in: '2026-12-12',
  check_out: '2026-12-19',
  guests: 2,
  total_minor: 84_050,
  currency: 'EUR',
  payment_intent_id: 'pi_guide',
  created_at: '2026-11-20T10:00:00Z',
})

export const paymentOf = ({ booking }: Stay): Entity => ({
  version: 1,
  booking_id: booking,
  payment_intent_id: 'pi_guide',
  status: 'pending',
  amount_minor: 84_050,
  currency: 'EUR',
})
