import type { Knex } from 'knex'

/** A booking the demo made up, and where its guest is reached. */
export interface DemoBooking {
  readonly id: string
  readonly entity: string
  readonly email: string
  readonly phone: string
  readonly device: string
}

const guests = [
  { first_name: 'Camille', last_name: 'Durand', locale: 'fr', country: 'FR' },
  { first_name: 'Emily', last_name: 'Carter', locale: 'en', country: 'GB' },
  { first_name: 'Inès', last_name: 'Le Goff', locale: 'fr', country: 'FR' },
  { first_name: 'Théo', last_name: 'Marchand', locale: 'fr', country: 'FR' },
] as const
const places = [
  { title: "L'Étable bleue", city: 'Saint-Malo' },
  { title: 'Cabane dans les pins', city: 'Arcachon' },
  { title: 'Le Grenier aux hirondelles', city: 'Annecy' },
  { title: 'Maison du passeur', city: 'La Roche-Bernard' },
] as const

/** Writes guest, device, place and a pending booking as the platform would have told us of them; `run` keeps runs apart. */
export async function writeBooking(knex: Knex, run: string, index: number): Promise<DemoBooking> {
  const key = `${run}-${index + 1}`
  const guest = guests[index % guests.length] ?? guests[0]
  const place = places[index % places.length] ?? places[0]
  const booking = {
    id: key,
    entity: `booking:${key}`,
    email: `${guest.first_name
      .normalize('NFD')
      .replace(/[^a-z]/gi, '')
      .toLowerCase()}.${key}@example.org`,
    phone: `+3360000${String(Number.parseInt(run.slice(-6), 36) % 1_000).padStart(3, '0')}${index}`,
    device: `device-${key}`,
  }
  await knex.transaction(async tx => {
    await tx('platform.users').insert({
      id: `guest-${key}`,
      version: 1,
      ...guest,
      email: booking.email,
      phone: booking.phone,
      zone: 'Europe/Paris',
    })
    await tx('platform.devices').insert({ token: booking.device, user_id: `guest-${key}`, platform: 'android' })
    await tx('platform.places').insert({
      id: `place-${key}`,
      version: 1,
      host_id: `host-${key}`,
      ...place,
      country: 'FR',
      zone: 'Europe/Paris',
    })
    await tx('platform.bookings').insert({
      id: key,
      version: 1,
      place_id: `place-${key}`,
      guest_id: `guest-${key}`,
      status: 'pending',
      check_in: '2027-07-10',
      check_out: '2027-07-17',
      guests: 2,
      total_minor: 84_050,
      currency: 'EUR',
    })
  })
  return booking
}
