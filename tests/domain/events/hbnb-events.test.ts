import { expect, test } from 'vitest'
import { z } from 'zod'
import { entityOf, hbnbEvent, hbnbEventTypes, snapshotOf, sourceOf } from '../../../src/domain/events/hbnb-events.ts'

const booking = {
  version: 3,
  place_id: '7',
  guest_id: '42',
  status: 'confirmed',
  check_in: '2027-01-02',
  check_out: '2027-01-05',
  guests: 2,
  total_minor: 45_000,
  currency: 'EUR',
}
const payment = { version: 1, booking_id: '42', status: 'succeeded', amount_minor: 45_000, currency: 'EUR' }
const user = { version: 9, first_name: 'Camille', email: 'camille@example.test' }

const idOf = { booking: { booking_id: '42' }, payment: { payment_id: 'pay-1' }, user: { user_id: 'u/1' } }
const entities = { booking: 'booking:42', payment: 'payment:pay-1', user: 'user:u/1' }
const data = { booking, payment, user }

test('there are the nine events of the guide', () => {
  expect(hbnbEventTypes.toSorted()).toEqual([
    'booking.cancelled',
    'booking.completed',
    'booking.confirmed',
    'booking.created',
    'payment.failed',
    'payment.refunded',
    'payment.succeeded',
    'user.registered',
    'user.updated',
  ])
})

test.each(hbnbEventTypes)('%s is read with its id alone, as the guide sends it', type => {
  const source = sourceOf(type)
  const event = hbnbEvent.parse({ event: type, ...idOf[source], note: 'of the platform' })
  expect(event).toMatchObject({ event: type, note: 'of the platform' })
  expect(entityOf(event)).toBe(entities[source])
  expect(snapshotOf(event)).toBeNull()
})

test.each(hbnbEventTypes)('%s is read with its number, its time and the entity', type => {
  const source = sourceOf(type)
  const id = Object.values(idOf[source])[0]
  const event = hbnbEvent.parse({
    event: type,
    ...idOf[source],
    sequence: 1,
    occurred_at: '2026-11-22T10:00:00+01:00',
    data: { id, ...data[source] },
  })
  const snapshot = snapshotOf(event)
  expect(snapshot).toMatchObject({ kind: source, id, entity: data[source] })
  expect(snapshot?.entity).not.toHaveProperty('id')
})

test('a type that nobody knows has no source', () => {
  expect(sourceOf('booking.reviewed')).toBeUndefined()
  expect(sourceOf('toString')).toBeUndefined()
})

test.each([
  [{ event: 'booking.confirmed' }, ['booking_id']],
  [{ event: 'booking.confirmed', booking_id: 42 }, ['booking_id']],
  [{ event: 'booking.confirmed', booking_id: 'a b' }, ['booking_id']],
  [{ event: 'booking.confirmed', booking_id: 'x'.repeat(65) }, ['booking_id']],
  [{ event: 'payment.failed', booking_id: '42' }, ['payment_id']],
  [{ event: 'user.updated', user_id: '' }, ['user_id']],
  [{ event: 'booking.created', booking_id: '42', sequence: 0 }, ['sequence']],
  [{ event: 'booking.created', booking_id: '42', sequence: '1' }, ['sequence']],
  [{ event: 'booking.created', booking_id: '42', occurred_at: '2026-11-22' }, ['occurred_at']],
  [{ event: 'booking.created', booking_id: '42', data: { ...booking, id: '43' } }, ['data', 'id']],
  [{ event: 'booking.created', booking_id: '42', data: { ...booking, guest_id: undefined } }, ['data', 'guest_id']],
  [
    { event: 'booking.created', booking_id: '42', data: { ...booking, check_out: '2027-01-02' } },
    ['data', 'check_out'],
  ],
  [{ event: 'booking.created', booking_id: '42', data: { ...booking, nights: 3 } }, ['data']],
  [{ event: 'payment.failed', payment_id: '1', data: { ...payment, id: '2' } }, ['data', 'id']],
  [{ event: 'payment.failed', payment_id: '1', booking_id: '41', data: payment }, ['data', 'booking_id']],
  [{ event: 'user.updated', user_id: '1', data: { ...user, id: '2' } }, ['data', 'id']],
  [{ event: 'booking.reviewed', booking_id: '42' }, ['event']],
])('%j is no event, and the field is named', (body, path) => {
  const { error } = hbnbEvent.safeParse(body)
  expect(error?.issues.map(issue => issue.path)).toContainEqual(path)
})

test('the events can be described as JSON Schema', () => {
  expect(z.toJSONSchema(hbnbEvent, { io: 'input' })).toMatchObject({ oneOf: [{}, {}, {}] })
})
