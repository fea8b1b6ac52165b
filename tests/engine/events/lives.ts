import type { Random } from '../../chaos/random.ts'
import type { EventBody } from '../../support/deliver-event.ts'

/** The events of one entity, in the order in which they happened. */
export interface Strand {
  readonly entity: string
  readonly events: readonly EventBody[]
}

/** What happened to one booking and its payment. */
export interface Life {
  readonly strands: readonly Strand[]
  /** All of them, as they happened. */
  readonly events: readonly EventBody[]
  /** What the platform's API would answer at the end. */
  readonly platform: readonly { readonly path: string; readonly id: string; readonly entity: object }[]
  /** Whom the mirror knows before all this. */
  readonly host: { readonly id: string } | null
}

/** One event and the snapshot of its entity after it. */
interface Step {
  readonly body: EventBody
  readonly data: object
}

const startMs = Date.parse('2026-11-01T08:00:00Z')
const stepMs = 60_000
const at = (step: number) => new Date(startMs + step * stepMs).toISOString()
const price = { amount_minor: 84_050, currency: 'EUR' }
const refundMinor = 10_000

/** `name` tells lives and runs apart: two of the same random stream differ in nothing else. */
export function lifeOf(random: Random, name: string, { isNumbered }: { readonly isNumbered: boolean }): Life {
  const [bookingId, paymentId, hostId] = [`booking-${name}`, `payment-${name}`, `host-${name}`]
  const booking = bookingSteps(random, name)
  const payment = random.chance(0.7) ? paymentSteps(random, name) : []
  const strandOf = (entity: string, steps: readonly Step[]): Strand => ({
    entity,
    events: steps.map(({ body, data }, index) => ({
      ...body,
      ...(isNumbered ? { sequence: index + 1 } : {}),
      // The last one always has it, so that the mirror ends with what the platform's API answers.
      ...(index === steps.length - 1 || random.chance(0.6) ? { data } : {}),
    })),
  })
  const told = strandOf(`booking:${bookingId}`, booking)
  const paid = strandOf(`payment:${paymentId}`, payment)
  const place = { version: 1, host_id: hostId, title: 'Cabane dans les pins', city: 'Arcachon', country: 'FR' }
  return {
    strands: [told, paid],
    events: [...told.events.slice(0, 1), ...paid.events, ...told.events.slice(1)],
    platform: [
      { path: 'users', id: `guest-${name}`, entity: guestOf(name) },
      { path: 'places', id: `place-${name}`, entity: { ...place, zone: 'Europe/Paris' } },
      ...booking.slice(-1).map(({ data }) => ({ path: 'bookings', id: bookingId, entity: data })),
      ...payment.slice(-1).map(({ data }) => ({ path: 'payments', id: paymentId, entity: data })),
    ],
    host: random.chance(0.6) ? { id: hostId } : null,
  }
}

const guestOf = (name: string) => ({
  version: 1,
  first_name: 'Camille',
  email: `guest-${name}@example.test`,
  phone: '+33612345678',
  country: 'FR',
  locale: 'fr',
  zone: 'Europe/Paris',
  fcm_tokens: [`device-${name}`],
})

type BookingStep = 'created' | 'confirmed' | 'completed' | 'cancelled'
type Course = readonly BookingStep[]
const courses: readonly [Course, ...Course[]] = [
  ['created'],
  ['created', 'confirmed'],
  ['created', 'cancelled'],
  ['created', 'confirmed', 'completed'],
  ['created', 'confirmed', 'cancelled'],
]

function bookingSteps(random: Random, name: string): Step[] {
  const course = random.pick(courses)
  return course.map((step, index) => {
    const since = (wanted: BookingStep) => {
      const position = course.indexOf(wanted)
      return position < 0 || position > index ? null : at(position)
    }
    return {
      body: { event: `booking.${step}`, booking_id: `booking-${name}`, occurred_at: at(index) },
      data: {
        version: index + 1,
        place_id: `place-${name}`,
        guest_id: `guest-${name}`,
        status: step === 'created' ? 'pending' : step,
        check_in: '2026-12-12',
        check_out: '2026-12-19',
        guests: 2 + index,
        total_minor: price.amount_minor,
        currency: price.currency,
        created_at: since('created'),
        confirmed_at: since('confirmed'),
        completed_at: since('completed'),
        cancelled_at: since('cancelled'),
      },
    }
  })
}

function paymentSteps(random: Random, name: string): Step[] {
  const failures = Array.from({ length: random.int(0, 2) }, () => 'failed' as const)
  const refunds = Array.from({ length: random.int(0, 2) }, () => 'refunded' as const)
  return [...failures, 'succeeded' as const, ...refunds].map((step, index) => ({
    body: { event: `payment.${step}`, payment_id: `payment-${name}`, occurred_at: at(10 + index) },
    data: {
      version: index + 1,
      booking_id: `booking-${name}`,
      status: step,
      refunded_minor: Math.max(0, index - failures.length) * refundMinor,
      ...price,
    },
  }))
}
