import type { Knex } from 'knex'

/** A stay that took place and is over. `check_out` is `YYYY-MM-DD`. */
export interface Departure {
  readonly id: string
  readonly guest_id: string
  readonly check_out: string
  /** Of the place. */
  readonly zone: string
}

interface Days {
  readonly from: string
  readonly to: string
}

const tookPlace = `b.status in ('confirmed', 'completed')`

/** At most `limit` stays that end from `from` to `to`, both included, in order; the first ones after `after`. */
export async function findDepartures(
  db: Knex,
  days: Days,
  limit: number,
  after: Pick<Departure, 'check_out' | 'id'> | undefined,
): Promise<Departure[]> {
  const query = db('platform.bookings as b')
    .join('platform.places as p', 'p.id', 'b.place_id')
    .whereRaw(tookPlace)
    .whereBetween('b.check_out', [days.from, days.to])
    .orderBy(['b.check_out', 'b.id'])
    .limit(limit)
    .select<Departure[]>('b.id', 'b.guest_id', 'b.check_out', 'p.zone')
  if (after) query.whereRaw('(b.check_out, b.id) > (?::date, ?)', [after.check_out, after.id])
  return await query
}

/** How many {@link findDepartures} finds in all. */
export async function countDepartures(db: Knex, { from, to }: Days): Promise<number> {
  const [row] = await db('platform.bookings as b')
    .whereRaw(tookPlace)
    .whereBetween('b.check_out', [from, to])
    .count<{ count: string }[]>('* as count')
  return Number(row?.count ?? 0)
}
