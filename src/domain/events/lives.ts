import type { HbnbEventType } from './hbnb-events.ts'

/** The states an entity goes through, furthest last; those of one rank may follow each other. */
type Life = readonly (readonly string[])[]

const bookingLife: Life = [['pending'], ['confirmed'], ['completed'], ['cancelled']]
/** A failed payment may be tried again and succeed; one that succeeded does not fail afterwards. */
const paymentLife: Life = [['pending', 'authorized'], ['failed', 'cancelled'], ['succeeded'], ['refunded']]
const userLife: Life = [['registered']]

/** What an event says its entity has come to. */
export interface Reached {
  readonly life: Life
  readonly state: string
  /** Without a number that says otherwise, the event waits until its entity has come so far. */
  readonly after?: string
}

/** The state each event brings its entity to; null for the one that only tells of new data. */
export const reachedBy: Readonly<Record<HbnbEventType, Reached | null>> = {
  'booking.created': { life: bookingLife, state: 'pending' },
  'booking.confirmed': { life: bookingLife, state: 'confirmed' },
  'booking.cancelled': { life: bookingLife, state: 'cancelled' },
  'booking.completed': { life: bookingLife, state: 'completed', after: 'confirmed' },
  'payment.succeeded': { life: paymentLife, state: 'succeeded' },
  'payment.failed': { life: paymentLife, state: 'failed' },
  'payment.refunded': { life: paymentLife, state: 'refunded', after: 'succeeded' },
  'user.registered': { life: userLife, state: 'registered' },
  'user.updated': null,
}

/** How far a state is in a life, from 0; -1 when nothing is known. Throws on a state that is not of this life. */
export function rankOf(life: Life, state: string | undefined): number {
  if (state === undefined) return -1
  const rank = life.findIndex(states => states.includes(state))
  if (rank < 0) throw new RangeError(`no such state: ${state}`)
  return rank
}

/** The furthest of some states; undefined when none is known. The first of equals. */
export function furthestOf(life: Life, states: readonly (string | undefined)[]): string | undefined {
  return states.reduce(
    (furthest, state) => (rankOf(life, state) > rankOf(life, furthest) ? state : furthest),
    undefined,
  )
}

/** The states that lie behind one. */
export function statesBefore({ life, state }: Reached): string[] {
  return life.slice(0, rankOf(life, state)).flat()
}
