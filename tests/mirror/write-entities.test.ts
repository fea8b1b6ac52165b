import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { statementsIn } from '../../src/db/statement.ts'
import { findEntity } from '../../src/mirror/find-entity.ts'
import { writeEntities } from '../../src/mirror/write-entities.ts'
import { amenity, booking, noting, payment, place, preferences, startMirror, user } from './mirror-world.ts'

let mirror: Awaited<ReturnType<typeof startMirror>>
beforeAll(async () => {
  mirror = await startMirror()
})
afterAll(async () => await mirror.close())

describe('what is told is kept', () => {
  const whole = [
    user('whole', 7, {
      last_name: 'Durand',
      email: 'camille@example.test',
      phone: '+33612345678',
      country: 'FR',
      locale: 'fr-FR',
      zone: 'Europe/Paris',
      sms_notifications_enabled: false,
      stripe_customer_id: 'cus_1',
      created_at: '2026-01-02T03:04:05.678Z',
    }),
    preferences('whole', 7, {
      notifications: { messages: { email: false }, bookings: { sms: true, push: false } },
      quiet_hours: { from: '22:00', to: '07:30' },
      max_price_minor: 12_000,
      currency: 'EUR',
      preferred_location: { lat: 44.65, lon: -1.17 },
      preferred_radius_km: 30.5,
    }),
    amenity('whole', 7),
    place('whole', 7, {
      description: 'Une cabane "sous" les pins \\ {au calme}, l’été',
      address: '1 allée des Pins',
      location: { lat: 44.65, lon: -1.17 },
      price_minor: 12_000,
      currency: 'EUR',
      capacity: 4,
      amenities: ['wifi', 'fire"place', 'a,b', '{c}'],
      min_stay_nights: 2,
      check_in_time: '16:30',
      cancellation_policy: 'strict',
      listed: false,
    }),
    booking('whole', 7, {
      status: 'cancelled',
      payment_intent_id: 'pi_1',
      cancelled_by: 'guest',
      confirmed_at: '2026-01-02T03:04:05.678Z',
      cancelled_at: '2026-01-03T03:04:05.000Z',
    }),
    payment('whole', 7, { refunded_minor: 50, payment_intent_id: 'pi_1' }),
  ]

  test.each(whole)('of $kind, every member', async told => {
    expect(await mirror.tell(told)).toEqual(['stored'])
    const { fcm_tokens: _, ...members } = { fcm_tokens: [], ...told.entity }
    const found = await findEntity(mirror.knex, told.kind, told.id)
    expect(found).toEqual({ id: 'whole', ...members, synced_at: expect.stringMatching(/^20.*Z$/) })
  })

  test('and nothing is found of what was never told', async () => {
    expect(await findEntity(mirror.knex, 'user', 'never')).toBeUndefined()
  })
})

describe('versions', () => {
  test('a newer one is stored, an older one is not', async () => {
    expect(await mirror.tell(user('newer', 2, { first_name: 'Two' }))).toEqual(['stored'])
    expect(await mirror.tell(user('newer', 3, { first_name: 'Three' }))).toEqual(['stored'])
    expect(await mirror.tell(user('newer', 2, { first_name: 'Two' }))).toEqual(['outdated'])
    expect(await mirror.row('users', 'newer')).toMatchObject({ first_name: 'Three', version: '3' })
  })

  test('the same one with the same content writes nothing at all', async () => {
    const told = [user('same', 5), user('same-too', 5)]
    await mirror.tell(...told)
    const marks = async () => {
      const { rows } = await mirror.knex.raw<{ rows: unknown[] }>(
        `select ctid, xmin, xmax from platform.versions where id like 'same%'
         union all select ctid, xmin, xmax from platform.users where id like 'same%'`,
      )
      return rows
    }
    const before = await marks()
    expect(before).toHaveLength(4)
    expect(await mirror.tell(...told)).toEqual(['unchanged', 'unchanged'])
    expect(await marks()).toEqual(before)
  })

  test('the same one with other content is refused', async () => {
    await mirror.tell(user('reused', 5, { first_name: 'First' }))
    expect(await mirror.tell(user('reused', 5, { first_name: 'Second' }))).toEqual(['version-reused'])
    expect(await mirror.row('users', 'reused')).toMatchObject({ first_name: 'First' })
  })

  test('another way to write the same content is the same content', async () => {
    const notifications = { a: { email: true, sms: false }, b: {} }
    await mirror.tell(
      preferences('spelt', 1, { notifications }),
      user('spelt', 1, { created_at: '2026-01-01T01:00:00Z' }),
    )
    const again = { b: {}, a: { sms: false, email: true } }
    const told = [
      preferences('spelt', 1, { notifications: again }),
      user('spelt', 1, { created_at: '2026-01-01T02:00:00.000+01:00' }),
    ]
    expect(await mirror.tell(...told)).toEqual(['unchanged', 'unchanged'])
  })

  test.each([
    ['from before digests', ''],
    ['from before a field was known', `0123abcd:${'0'.repeat(64)}`],
  ])('of content %s, the same version is stored', async (_since, digest) => {
    const id = `digest-${digest.length}`
    await mirror.tell(user(id, 5, { first_name: 'Old' }))
    await mirror.knex('platform.versions').where({ kind: 'user', id }).update({ digest })
    expect(await mirror.tell(user(id, 4, { first_name: 'Older' }))).toEqual(['outdated'])
    expect(await mirror.tell(user(id, 5, { first_name: 'Told' }))).toEqual(['stored'])
    expect(await mirror.tell(user(id, 5, { first_name: 'Told' }))).toEqual(['unchanged'])
    expect(await mirror.tell(user(id, 5, { first_name: 'Else' }))).toEqual(['version-reused'])
    expect(await mirror.row('users', id)).toMatchObject({ first_name: 'Told' })
  })

  test('kinds do not share ids', async () => {
    expect(await mirror.tell(place('shared', 9), booking('shared', 1), payment('shared', 1))).toEqual([
      'stored',
      'stored',
      'stored',
    ])
  })
})

describe('an id told several times in one call', () => {
  test('the newest is stored, wherever it is', async () => {
    const told = [user('twice', 3, { first_name: 'Three' }), user('twice', 4, { first_name: 'Four' }), user('twice', 2)]
    expect(await mirror.tell(...told)).toEqual(['outdated', 'stored', 'outdated'])
    expect(await mirror.row('users', 'twice')).toMatchObject({ first_name: 'Four' })
  })

  test('the same again is unchanged, and of one version the first wins', async () => {
    const told = [user('again', 1, { first_name: 'A' }), user('again', 1, { first_name: 'A' }), user('again', 1)]
    expect(await mirror.tell(...told)).toEqual(['stored', 'unchanged', 'version-reused'])
    expect(await mirror.tell(...told.toReversed())).toEqual(['version-reused', 'unchanged', 'unchanged'])
    expect(await mirror.row('users', 'again')).toMatchObject({ first_name: 'A' })
  })
})

describe('a booking', () => {
  const statuses = ['pending', 'confirmed', 'completed', 'cancelled'] as const
  const pairs = statuses.flatMap((from, earlier) =>
    statuses.map((to, later) => ({ from, to, kept: later > earlier ? to : from })),
  )

  test.each(pairs)('that is $from and told to be $to is $kept', async ({ from, to, kept }) => {
    const id = `from-${from}-to-${to}`
    await mirror.tell(booking(id, 1, { status: from }))
    expect(await mirror.tell(booking(id, 2, { status: to, guests: 3 }))).toEqual(['stored'])
    expect(await mirror.row('bookings', id)).toMatchObject({ status: kept, guests: 3, version: '2' })
  })

  test('keeps when it came to each state', async () => {
    const [confirmed, moved] = ['2026-01-02T00:00:00.000Z', '2026-01-03T00:00:00.000Z']
    await mirror.tell(booking('instants', 1, { status: 'confirmed', confirmed_at: confirmed, created_at: confirmed }))
    await mirror.tell(booking('instants', 2, { status: 'completed', completed_at: moved, created_at: moved }))
    expect(await mirror.row('bookings', 'instants')).toMatchObject({
      created_at: new Date(moved),
      confirmed_at: new Date(confirmed),
      completed_at: new Date(moved),
      cancelled_at: null,
    })
  })
})

test('each kind is one statement for 500 entities, and kinds may be mixed', async () => {
  const told = Array.from({ length: 500 }, (_, index) => [user(`many-${index}`, 1), booking(`many-${index}`, 1)]).flat()
  const names = await mirror.knex.transaction(async tx => {
    const noted = noting(statementsIn(tx))
    expect(new Set(await writeEntities(noted.run, told))).toEqual(new Set(['stored']))
    return noted.names
  })
  expect(names).toEqual(['mirror-views', 'mirror-user', 'mirror-reopen-preferences', 'mirror-booking'])
  expect(await mirror.knex('platform.users').whereLike('id', 'many-%').count()).toEqual([{ count: '500' }])
})

test('501 are two statements, and all are written', async () => {
  const told = Array.from({ length: 501 }, (_, index) => amenity(`more-${index}`, 1))
  await mirror.knex.transaction(async tx => {
    const noted = noting(statementsIn(tx))
    expect(await writeEntities(noted.run, told)).toHaveLength(501)
    expect(noted.names).toEqual(['mirror-views', 'mirror-amenity', 'mirror-amenity'])
  })
  expect(await mirror.knex('platform.amenities').whereLike('id', 'more-%').count()).toEqual([{ count: '501' }])
})

test('nothing told is nothing written', async () => {
  expect(await mirror.tell()).toEqual([])
})
