import type { Knex } from 'knex'

/** Notes that guests are asked how their stays were. Answers those nobody had asked about: each is answered once, ever. */
export async function noteAsked(tx: Knex.Transaction, bookingIds: readonly string[]): Promise<Set<string>> {
  if (bookingIds.length === 0) return new Set()
  const rows = await tx('hbnb_jobs.review_requests')
    .insert(bookingIds.map(booking_id => ({ booking_id })))
    .onConflict('booking_id')
    .ignore()
    .returning<{ booking_id: string }[]>('booking_id')
  return new Set(rows.map(({ booking_id }) => booking_id))
}
