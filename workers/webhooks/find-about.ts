import type { Knex } from 'knex'
import { findParties } from '../../src/db/bookings.ts'
import { isDeleted } from '../../src/db/entity-status.ts'
import type { HbnbSource } from '../../src/domain/events/hbnb-events.ts'
import type { Occurrence } from '../../src/domain/events/occurrence.ts'
import type { About } from './reactions.ts'

/** What the platform has not told us of; it is looked for again. */
export interface Unknown {
  readonly kind: 'unknown'
  readonly what: HbnbSource | 'place'
}

/** An event about what the platform has deleted. */
interface Gone {
  readonly kind: 'ignored'
  readonly reason: string
}

/** Whom and what an event concerns, once its own content is in the mirror. */
export async function findAbout(tx: Knex.Transaction, { kind, id }: Occurrence): Promise<About | Unknown | Gone> {
  if (kind === 'booking') return await aboutBooking(tx, id)
  if (kind === 'payment') {
    const payment = await tx('platform.payments').where({ id }).first<{ booking_id: string } | undefined>('booking_id')
    if (!payment) return await missing(tx, kind, id)
    const about = await aboutBooking(tx, payment.booking_id)
    return 'kind' in about ? about : { ...about, paymentId: id }
  }
  const user = await tx('platform.users').where({ id }).first('id')
  return user === undefined ? await missing(tx, kind, id) : { userId: id }
}

async function aboutBooking(tx: Knex.Transaction, bookingId: string): Promise<About | Unknown | Gone> {
  const parties = await findParties(tx, bookingId)
  if (!parties) return await missing(tx, 'booking', bookingId)
  const { guestId, hostId, isHostKnown } = parties
  // Messages are about the place too, and only it says who the host is.
  if (hostId === null) return { kind: 'unknown', what: 'place' }
  return { bookingId, guestId, ...(isHostKnown ? { hostId } : {}) }
}

async function missing(tx: Knex.Transaction, what: HbnbSource, id: string): Promise<Unknown | Gone> {
  if (!(await isDeleted(tx, what, id))) return { kind: 'unknown', what }
  return { kind: 'ignored', reason: `the platform has deleted this ${what}` }
}
