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

/** Writes the host of a place that `givenStay` wrote: reached by mail only. */
export async function givenHost(knex: Knex, id: string): Promise<void> {
  await knex('platform.users').insert({
    id: `host-${id}`,
    version: 1,
    first_name: 'François',
    last_name: 'Petit',
    email: `host-${id}@example.test`,
    country: 'FR',
    locale: 'fr',
  })
}

/** Writes a payment of a booking that `givenStay` wrote, with the same id; what is not chosen has succeeded. */
export async function givenPayment(
  knex: Knex,
  id: string,
  choices: { readonly status?: string; readonly refunded_minor?: number } = {},
): Promise<void> {
  await knex('platform.payments').insert({
    id,
    version: 1,
    booking_id: id,
    status: 'succeeded',
    amount_minor: 84_050,
    currency: 'EUR',
    ...choices,
  })
}
