import type { Knex } from 'knex'

/** A confirmed stay that begins soon. `check_in` is `YYYY-MM-DD`, `check_in_time` `HH:MM`. */
export interface Arrival {
  readonly id: string
  readonly guest_id: string
  readonly check_in: string
  readonly check_in_time: string
  /** Of the place. */
  readonly zone: string
}

interface Days {
  readonly from: string
  readonly to: string
}

/** At most `limit` confirmed stays that begin from `from` to `to`, both included, in order; the first ones after `after`. */
export async function findArrivals(
  db: Knex,
  days: Days,
  limit: number,
  after: Pick<Arrival, 'check_in' | 'id'> | undefined,
): Promise<Arrival[]> {
  const query = db('platform.bookings as b')
    .join('platform.places as p', 'p.id', 'b.place_id')
    .where('b.status', 'confirmed')
    .whereBetween('b.check_in', [days.from, days.to])
    .orderBy(['b.check_in', 'b.id'])
    .limit(limit)
    .select<Arrival[]>(
      'b.id',
      'b.guest_id',
      'b.check_in',
      db.raw(`to_char(p.check_in_time, 'HH24:MI') as check_in_time`),
      'p.zone',
    )
  if (after) query.whereRaw('(b.check_in, b.id) > (?::date, ?)', [after.check_in, after.id])
  return await query
}

/** How many {@link findArrivals} finds in all. */
export async function countArrivals(db: Knex, { from, to }: Days): Promise<number> {
  const [row] = await db('platform.bookings')
    .where({ status: 'confirmed' })
    .whereBetween('check_in', [from, to])
    .count<{ count: string }[]>('* as count')
  return Number(row?.count ?? 0)
}
