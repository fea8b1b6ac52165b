import type { Knex } from 'knex'

/** What a test may choose about its booking; the rest is the same everywhere. */
export interface StayChoices {
  readonly status?: string
  readonly locale?: string
  readonly devices?: readonly string[]
  readonly phone?: string | null
  readonly email?: string | null
}

/** Writes one guest with devices, one place and one booking, all keyed by `id`. */
export async function givenStay(knex: Knex, id: string, choices: StayChoices = {}): Promise<void> {
  const { status = 'pending', locale = 'fr', devices = [`token-${id}`], phone = '+33612345678' } = choices
  const email = choices.email === undefined ? `guest-${id}@example.test` : choices.email
  await knex('platform.users').insert({
    id: `guest-${id}`,
    version: 1,
    first_name: 'Camille',
    last_name: 'Durand',
    email,
    phone,
    country: 'FR',
    locale,
    zone: 'Europe/Paris',
  })
  if (devices.length > 0) {
    await knex('platform.devices').insert(
      devices.map(token => ({ token, user_id: `guest-${id}`, platform: 'android' })),
    )
  }
  await knex('platform.places').insert({
    id: `place-${id}`,
    version: 1,
    host_id: `host-${id}`,
    title: 'Cabane dans les pins',
    city: 'Arcachon',
    country: 'FR',
    zone: 'Europe/Paris',
  })
  await knex('platform.bookings').insert({
    id,
    version: 1,
    place_id: `place-${id}`,
    guest_id: `guest-${id}`,
    status,
    check_in: '2026-12-12',
    check_out: '2026-12-19',
    guests: 2,
    total_minor: 84_050,
    currency: 'EUR',
  })
}
