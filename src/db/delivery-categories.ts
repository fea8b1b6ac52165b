import type { Knex } from 'knex'
import type { CategoryName } from '../domain/notifications/categories.ts'

/** What deliveries were about, by their ids. */
export async function deliveryCategories(db: Knex, ids: readonly string[]): Promise<Map<string, CategoryName>> {
  if (ids.length === 0) return new Map()
  const rows = await db('hbnb_jobs.deliveries as d')
    .join('hbnb_jobs.notifications as n', 'n.id', 'd.notification_id')
    .whereIn('d.id', [...ids])
    .select<{ id: string; category: CategoryName }[]>('d.id', 'n.category')
  return new Map(rows.map(({ id, category }) => [id, category]))
}
