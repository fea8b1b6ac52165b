import { expect } from 'vitest'
import { type Chapter, type Proof, value } from '../row.ts'
import { bookingOf, guestOf, paymentOf, placeOf, stayOf } from '../stay.ts'

type Fields = Readonly<Record<string, unknown>>

const maxIdChars = 64
const template = stayOf(0)
const entities = {
  users: guestOf(template),
  places: placeOf(template),
  bookings: bookingOf(template),
  payments: paymentOf(template),
  amenities: { version: 1, name_fr: 'Vue sur mer', name_en: 'Sea view' },
} as const

let told = 0

/** What is told is kept and answered. */
const keeps =
  (kind: keyof typeof entities, fields: Fields): Proof =>
  async ({ ask }) => {
    told += 1
    const path = `/v1/${kind}/model-${told}`
    await ask('PUT', path, { ...entities[kind], ...fields })
    expect(await ask('GET', path)).toMatchObject(fields)
  }

/** Preferences are told of somebody who is known. */
const prefers =
  (fields: Fields): Proof =>
  async ({ ask }) => {
    told += 1
    const path = `/v1/users/model-${told}`
    await ask('PUT', path, entities.users)
    await ask('PUT', `${path}/preferences`, { version: 1, ...fields })
    expect(await ask('GET', `${path}/preferences`)).toMatchObject(fields)
  }

/** The platform's ids are used as they are, up to a length. */
const keepsId =
  (kind: keyof typeof entities): Proof =>
  async ({ ask }) => {
    const id = `${kind}:`.padEnd(maxIdChars, 'x')
    await ask('PUT', `/v1/${kind}/${id}`, entities[kind])
    expect(await ask('GET', `/v1/${kind}/${id}`)).toMatchObject({ id })
    await ask('PUT', `/v1/${kind}/${id}x`, entities[kind], 422)
  }

/** A switch of the person closes one channel and leaves the others. */
const silences =
  (channel: 'email' | 'sms', fields: Fields, reason: string): Proof =>
  async ({ confirmed }) => {
    const { job } = await confirmed(fields)
    expect(job).toMatchObject({ result: { channels: { push: 'send', [channel]: `suppressed: ${reason}` } } })
  }

const user = '`PUT /v1/users/{id}`'
const booking = '`PUT /v1/bookings/{id}`'
const place = '`PUT /v1/places/{id}`'
const preferences = '`PUT /v1/users/{id}/preferences`'

export const models: Chapter = {
  title: 'What the guide reads',
  about:
    'The guide reads the platform’s tables; we keep a copy of what we need of them, each entity with a `version` that grows. ' +
    'Tell it by `PUT`, in the `data` of events, or all at once by `POST /v1/sync` ([from Flask](upstream/flask.md)).',
  rows: [
    value(['User.email'], `\`email\` of ${user}`, keeps('users', { email: 'camille@example.test' })),
    value(
      ['User.name'],
      `\`first_name\`, \`last_name\` of ${user}`,
      keeps('users', { first_name: 'Camille', last_name: 'Durand' }),
    ),
    value(
      ['User.phone'],
      `\`phone\` of ${user}, with \`country\` where it is not international`,
      keeps('users', { phone: '06 12 34 56 78', country: 'FR' }),
    ),
    value(
      ['User.fcm_tokens'],
      `\`fcm_tokens\` of ${user} replaces all; \`PUT\` and \`DELETE /v1/users/{id}/devices/{token}\` one`,
      async ({ stay, ask, run, push }) => {
        const { guest, booking: id } = await stay({ status: 'confirmed' }, { fcm_tokens: ['of-the-user'] })
        await ask('PUT', `/v1/users/${guest}/devices/one-more`, { platform: 'ios' })
        await run('notifications.send', { user_id: guest, template: 'booking-confirmation', booking_id: id })
        await Promise.all(['of-the-user', 'one-more'].map(token => push(token)))
      },
    ),
    value(
      ['User.email_notifications_enabled'],
      `\`email_notifications_enabled\` of ${user}`,
      silences('email', { email_notifications_enabled: false }, 'switched-off'),
    ),
    value(
      ['User.sms_notifications_enabled'],
      `\`sms_notifications_enabled\` of ${user}`,
      silences('sms', { sms_notifications_enabled: false }, 'switched-off'),
    ),
    value(
      ['User.stripe_customer_id'],
      `\`stripe_customer_id\` of ${user}`,
      keeps('users', { stripe_customer_id: 'cus_guide' }),
    ),
    value(
      ['UserPreference.max_price'],
      `\`max_price_minor\`, \`currency\` of ${preferences}`,
      prefers({ max_price_minor: 15_000, currency: 'EUR' }),
    ),
    value(
      ['UserPreference.preferred_location'],
      `\`preferred_location\` \`{lat, lon}\` of ${preferences}`,
      prefers({ preferred_location: { lat: 44.6586, lon: -1.1687 } }),
    ),
    value(
      ['UserPreference.preferred_radius'],
      `\`preferred_radius_km\` of ${preferences}`,
      prefers({ preferred_radius_km: 25 }),
    ),
    value(['Booking.id'], `the id in the path of ${booking}: text of at most 64 characters`, keepsId('bookings')),
    value(['Booking.guest_id'], `\`guest_id\` of ${booking}`, keeps('bookings', { guest_id: 'a-guest' })),
    value(['Booking.place_id'], `\`place_id\` of ${booking}`, keeps('bookings', { place_id: 'a-place' })),
    value(
      ['Booking.status'],
      `\`status\` of ${booking}: pending, confirmed, completed, cancelled; it never goes back`,
      keeps('bookings', { status: 'confirmed' }),
    ),
    value(
      ['Booking.check_in'],
      `\`check_in\` of ${booking}, a date`,
      keeps('bookings', { check_in: '2026-12-30', check_out: '2027-01-02' }),
    ),
    value(
      ['Booking.check_out'],
      `\`check_out\` of ${booking}, a date: the first night that is free again`,
      keeps('bookings', { check_in: '2026-12-30', check_out: '2027-01-02' }),
    ),
    value(
      ['Booking.total_price'],
      `\`total_minor\` (84050 for 840,50 €) and \`currency\` of ${booking}`,
      keeps('bookings', { total_minor: 84_050, currency: 'EUR' }),
    ),
    value(
      ['Booking.payment_intent_id'],
      `\`payment_intent_id\` of ${booking}`,
      keeps('bookings', { payment_intent_id: 'pi_1' }),
    ),
    value(
      ['Booking.created_at'],
      `\`created_at\` of ${booking}, with its offset`,
      keeps('bookings', { created_at: '2026-11-21T08:30:00.000Z' }),
    ),
    value(['Place.id'], `the id in the path of ${place}`, keepsId('places')),
    value(['Place.title'], `\`title\` of ${place}`, keeps('places', { title: 'Cabane' })),
    value(['Place.description'], `\`description\` of ${place}`, keeps('places', { description: 'Au calme.' })),
    value(
      ['Place.price'],
      `\`price_minor\` and \`currency\` of ${place}, for one night`,
      keeps('places', { price_minor: 9_900, currency: 'EUR' }),
    ),
    value(['Place.latitude'], `\`location.lat\` of ${place}`, keeps('places', { location: { lat: 48.85, lon: 2.35 } })),
    value(
      ['Place.longitude'],
      `\`location.lon\` of ${place}`,
      keeps('places', { location: { lat: -36.85, lon: 174.76 } }),
    ),
    value(['Place.amenities'], `\`amenities\` of ${place}: ids`, keeps('places', { amenities: ['wifi', 'sauna'] })),
    value(
      ['Amenity.name'],
      '`name_fr`, `name_en` of `PUT /v1/amenities/{id}`',
      keeps('amenities', { name_fr: 'Vue sur mer', name_en: 'Sea view' }),
    ),
    value(
      ['Place.created_at'],
      `\`created_at\` of ${place}`,
      keeps('places', { created_at: '2026-02-03T08:30:00.000Z' }),
    ),
    value(
      ['Place.bookings'],
      'not asked for: bookings name their place',
      keeps('bookings', { place_id: 'place-of-bookings' }),
    ),
  ],
}
