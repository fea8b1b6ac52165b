import type { Knex } from 'knex'
import type { Notification } from './notifications.ts'

/** Whose inbox, and who looks: undefined sees what every tenant has sent. */
interface Inbox {
  readonly userId: string
  readonly tenant: string | undefined
}

/** Which page of an inbox. */
export interface InboxPage {
  readonly onlyUnread: boolean
  readonly limit: number
  /** The id of the last entry of the page before. */
  readonly after: string | undefined
}

/** What a person was told, newest first, also on channels that have failed. Nothing that was taken back, or is undecided. */
export async function inboxOf(
  db: Knex,
  inbox: Inbox,
  { onlyUnread, limit, after }: InboxPage,
): Promise<Notification[]> {
  const page = told(db, inbox)
    .orderBy([
      { column: 'n.created_at', order: 'desc' },
      { column: 'n.id', order: 'desc' },
    ])
    .limit(limit)
    .select('n.*')
  if (onlyUnread) page.whereNull('n.read_at')
  if (after !== undefined) {
    page.whereRaw('(n.created_at, n.id) < (select created_at, id from hbnb_jobs.notifications where id = ?)', [after])
  }
  return await page
}

/** How much of what they were told a person has not read. */
export async function countUnread(db: Knex, inbox: Inbox): Promise<number> {
  const row = await told(db, inbox).whereNull('n.read_at').count<{ count: string }[]>('* as count').first()
  return Number(row?.count ?? 0)
}

/** Notes that a notification was read. Answers when, which of the first time; undefined when there is none of that id. */
export async function markRead(db: Knex, id: string, tenant: string | undefined): Promise<Date | undefined> {
  const rows = await db('hbnb_jobs.notifications')
    .where({ id, ...(tenant === undefined ? {} : { tenant }) })
    .update({ read_at: db.raw('coalesce(read_at, now())') })
    .returning<{ read_at: Date }[]>('read_at')
  return rows[0]?.read_at
}

/** Notes that a person has read all they were told. Answers how many were new to them. */
export async function markAllRead(db: Knex, inbox: Inbox): Promise<number> {
  return await db('hbnb_jobs.notifications')
    .whereIn('id', told(db, inbox).whereNull('n.read_at').select('n.id'))
    .update({ read_at: db.fn.now() })
}

function told(db: Knex, { userId, tenant }: Inbox): Knex.QueryBuilder {
  return (
    db('hbnb_jobs.notifications as n')
      .where({ 'n.user_id': userId, ...(tenant === undefined ? {} : { 'n.tenant': tenant }) })
      .whereNull('n.cancelled_at')
      // What waits for a digest is told here at once, and a digest says nothing that is not here already.
      .whereRaw(
        `(n.digest_id is not null or exists (select from hbnb_jobs.deliveries d where d.notification_id = n.id))
       and not exists (select from hbnb_jobs.digests g where g.id = n.id)`,
      )
  )
}
