import { describe, expect, it } from 'vitest'
import { hbnbEvent } from '../../../src/domain/events/hbnb-events.ts'
import { occurrenceOf, stateOf } from '../../../src/domain/events/occurrence.ts'

const payment = { version: 1, booking_id: '42', status: 'refunded', amount_minor: 9_000, currency: 'EUR' }

function stepOf(body: object): string | null {
  return occurrenceOf(hbnbEvent.parse(body), 'evt-1').step
}

describe('the step of an event', () => {
  it.each([
    [{ event: 'booking.created', booking_id: '42', sequence: 7 }, 'pending'],
    [{ event: 'booking.cancelled', booking_id: '42', occurred_at: '2026-11-01T08:00:00Z' }, 'cancelled'],
    [{ event: 'user.registered', user_id: '7' }, 'registered'],
    [{ event: 'user.updated', user_id: '7' }, null],
    [{ event: 'payment.succeeded', payment_id: '1' }, 'succeeded'],
  ])('%j is %s, whatever else it says', (body, step) => {
    expect(stepOf(body)).toBe(step)
  })

  it('of a refund is told apart by the sum that has come back, then by number, time and id', () => {
    const refunded = {
      event: 'payment.refunded',
      payment_id: '1',
      sequence: 3,
      occurred_at: '2026-11-01T09:00:00+01:00',
    }
    const { sequence: _number, ...unnumbered } = refunded
    expect(stepOf({ ...refunded, data: { ...payment, refunded_minor: 4_000 } })).toBe('refunded:4000')
    expect(stepOf(refunded)).toBe('refunded:3')
    expect(stepOf({ ...refunded, data: payment })).toBe('refunded:3')
    expect(stepOf(unnumbered)).toBe('refunded:2026-11-01T08:00:00.000Z')
    expect(stepOf({ event: 'payment.refunded', payment_id: '1' })).toBe('refunded:evt-1')
  })

  it('of a failure is told apart by number, time and id, however alike two failures are', () => {
    const failed = { event: 'payment.failed', payment_id: '1', data: { ...payment, status: 'failed' } }
    expect(stepOf({ ...failed, sequence: 2 })).toBe('failed:2')
    expect(stepOf({ ...failed, occurred_at: '2026-11-01T08:00:00Z' })).toBe('failed:2026-11-01T08:00:00.000Z')
    expect(stepOf(failed)).toBe('failed:evt-1')
  })

  it('says which state it is of', () => {
    expect(['confirmed', 'refunded:4000', 'failed:2026-11-01T08:00:00.000Z'].map(stateOf)).toEqual([
      'confirmed',
      'refunded',
      'failed',
    ])
  })
})

it('names the kind and the id, also where the id has a colon', () => {
  const event = hbnbEvent.parse({ event: 'payment.failed', payment_id: 'pay:1' })
  expect(occurrenceOf(event, 'evt-1')).toMatchObject({ kind: 'payment', id: 'pay:1', entity: 'payment:pay:1' })
})
