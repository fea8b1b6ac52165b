import type { Knex } from 'knex'

export type BookingStatus = 'pending' | 'confirmed' | 'cancelled' | 'completed'

/** A booking with what its guest and host read about it. Dates are `YYYY-MM-DD`, times `HH:MM`, money is in minor units. */
export interface Stay {
  readonly id: string
  readonly guest_id: string
  readonly status: BookingStatus
  readonly check_in: string
  readonly check_out: string
  readonly guests: number
  readonly total_minor: number
  readonly currency: string
  readonly cancelled_by: 'guest' | 'host' | 'platform' | null
  readonly place_title: string
  readonly place_city: string
  /** Personal data of the host. */
  readonly place_address: string | null
  readonly check_in_time: string
  readonly check_out_time: string
  /** Of the place. */
  readonly zone: string
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
      'b.cancelled_by',
      'p.title as place_title',
      'p.city as place_city',
      'p.address as place_address',
      'p.zone',
      db.raw(`to_char(p.check_in_time, 'HH24:MI') as check_in_time`),
      db.raw(`to_char(p.check_out_time, 'HH24:MI') as check_out_time`),
    )
  return row && { ...row, total_minor: Number(row.total_minor) }
}

/** Whom a booking concerns. */
export interface Parties {
  readonly guestId: string
  /** Null while the platform has not told us of the place. */
  readonly hostId: string | null
  /** Whether the platform has told us who the host is. */
  readonly isHostKnown: boolean
}

/** Undefined while the platform has not told us of the booking. */
export async function findParties(db: Knex, bookingId: string): Promise<Parties | undefined> {
  return await db('platform.bookings as b')
    .leftJoin('platform.places as p', 'p.id', 'b.place_id')
    .leftJoin('platform.users as u', 'u.id', 'p.host_id')
    .where('b.id', bookingId)
    .first<Parties | undefined>(
      'b.guest_id as guestId',
      'p.host_id as hostId',
      db.raw('u.id is not null as "isHostKnown"'),
    )
}
