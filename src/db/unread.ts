import type { Knex } from 'knex'

/** How many notifications a person has not read; those taken back do not count. */
export async function countUnread(db: Knex, reader: { tenant: string; userId: string }): Promise<number> {
  const [row] = await db('hbnb_jobs.notifications')
    .where({ tenant: reader.tenant, user_id: reader.userId })
    .whereNull('read_at')
    .whereNull('cancelled_at')
    .count<{ count: string }[]>('* as count')
  return Number(row?.count ?? 0)
}
