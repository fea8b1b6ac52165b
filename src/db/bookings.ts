import type { Knex } from 'knex'

export type BookingStatus = 'pending' | 'confirmed' | 'cancelled' | 'completed'

/** A booking with what a guest must read about its place. Dates are `YYYY-MM-DD`, money is in minor units. */
export interface Stay {
  readonly id: string
  readonly guest_id: string
  readonly status: BookingStatus
  readonly check_in: string
  readonly check_out: string
  readonly guests: number
  readonly total_minor: number
  readonly currency: string
  readonly place_title: string
  readonly place_city: string
}

/** Undefined while the platform has not told us of the booking or of its place. */
export async function findStay(db: Knex, bookingId: string): Promise<Stay | undefined> {
  const row = await db('platform.bookings as b')
    .join('platform.places as p', 'p.id', 'b.place_id')
    .where('b.id', bookingId)
    .first<(Omit<Stay, 'total_minor'> & { total_minor: string }) | undefined>(
      'b.id',
      'b.guest_id',
      'b.status',
      'b.check_in',
      'b.check_out',
      'b.guests',
      'b.total_minor',
      'b.currency',
      'p.title as place_title',
      'p.city as place_city',
    )
  return row && { ...row, total_minor: Number(row.total_minor) }
}

/** `pending → confirmed`; any other state is left as it is. Safe to run twice. */
export async function confirmBooking(tx: Knex, bookingId: string): Promise<void> {
  await tx('platform.bookings').where({ id: bookingId, status: 'pending' }).update({ status: 'confirmed' })
}
