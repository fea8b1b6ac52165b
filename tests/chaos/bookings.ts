import type { Knex } from 'knex'

/** A booking made up for a run. Every address is reached by this booking alone, so effects can be counted per recipient. */
export interface Booking {
  readonly number: number
  readonly id: string
  readonly userId: string
  readonly email: string
  readonly phone: string
  readonly device: string
}

const digits = 7
/** French mobile numbers beginning with 6 1 are all assigned: each is valid for the SMS job. */
const phonePrefix = '+3361'

export function bookingOf(number: number): Booking {
  const padded = String(number).padStart(digits, '0')
  return {
    number,
    id: `b${padded}`,
    userId: `u${padded}`,
    email: `guest-${padded}@example.org`,
    phone: `${phonePrefix}${padded}`,
    device: `device-${padded}`,
  }
}

/** Writes guests, devices, one place each and pending bookings, in one transaction. */
export async function writeBookings(knex: Knex, bookings: readonly Booking[]): Promise<void> {
  await knex.transaction(async tx => {
    await tx('platform.users').insert(
      bookings.map(({ userId, email, phone, number }) => ({
        id: userId,
        version: 1,
        first_name: 'Camille',
        last_name: 'Durand',
        email,
        phone,
        country: 'FR',
        locale: number % 2 === 0 ? 'fr' : 'en',
        zone: 'Europe/Paris',
      })),
    )
    await tx('platform.devices').insert(
      bookings.map(({ userId, device }) => ({ token: device, user_id: userId, platform: 'android' })),
    )
    await tx('platform.places')
      .insert({
        id: 'place',
        version: 1,
        host_id: 'host',
        title: 'Cabane dans les pins',
        city: 'Arcachon',
        country: 'FR',
        zone: 'Europe/Paris',
      })
      .onConflict('id')
      .ignore()
    await tx('platform.bookings').insert(
      bookings.map(({ id, userId }) => ({
        id,
        version: 1,
        place_id: 'place',
        guest_id: userId,
        status: 'pending',
        check_in: '2027-07-10',
        check_out: '2027-07-17',
        guests: 2,
        total_minor: 84_050,
        currency: 'EUR',
      })),
    )
  })
}
