import type { Knex } from 'knex'
import type { Locale } from '../domain/locale.ts'
import type { CategoryName } from '../domain/notifications/categories.ts'
import type { Channel } from '../domain/notifications/channel.ts'

/** One message to many people. */
export interface Broadcast {
  /** Also of the job that walks its audience. */
  readonly id: string
  readonly tenant: string
  readonly title: string
  readonly body: string
  /** The language of both. */
  readonly locale: Locale
  readonly push_data: Readonly<Record<string, string>>
  readonly category: CategoryName
  readonly channels: readonly Channel[]
  readonly expires_at: Date | null
  readonly created_at: Date
  readonly cancelled_at: Date | null
  /** Null while some of its audience is still to be decided. */
  readonly walked_at: Date | null
  /** The last user decided. */
  readonly walked_to: string
  readonly people: number
  readonly mails: number
  readonly pushes: number
}

const columns = [
  'id',
  'tenant',
  'title',
  'body',
  'locale',
  'push_data',
  'category',
  'channels',
  'expires_at',
  'created_at',
  'cancelled_at',
  'walked_at',
  'walked_to',
  'people',
  'mails',
  'pushes',
] as const

/** A broadcast that is asked for: to these people, or to everybody, of one country where it is given. */
export type NewBroadcast = Pick<
  Broadcast,
  'id' | 'tenant' | 'title' | 'body' | 'locale' | 'push_data' | 'category' | 'channels' | 'expires_at'
> & { readonly user_ids: readonly string[] | null; readonly country: string | null }

/** Inserts a broadcast that is new. */
export async function insertBroadcast(tx: Knex.Transaction, broadcast: NewBroadcast): Promise<void> {
  await tx('hbnb_jobs.broadcasts').insert(broadcast)
}

/** Undefined when there is none of that id, or it is another tenant's. */
export async function findBroadcast(db: Knex, id: string, tenant?: string): Promise<Broadcast | undefined> {
  return await db('hbnb_jobs.broadcasts')
    .where({ id, ...(tenant === undefined ? {} : { tenant }) })
    .first<Broadcast | undefined>(...columns)
}

/** The same, kept from whoever would go on with it or cancel it until the end of the transaction. */
export async function lockBroadcast(tx: Knex.Transaction, id: string): Promise<Broadcast | undefined> {
  return await tx('hbnb_jobs.broadcasts')
    .where({ id })
    .forUpdate()
    .first<Broadcast | undefined>(...columns)
}

/** How far a broadcast has come: all at once, with what was decided. */
export async function noteWalked(
  tx: Knex.Transaction,
  id: string,
  walked: Pick<Broadcast, 'walked_to' | 'people' | 'mails' | 'pushes'>,
): Promise<void> {
  await tx('hbnb_jobs.broadcasts').where({ id }).update(walked)
}

/** That nobody of its audience is left. */
export async function endWalk(tx: Knex.Transaction, id: string): Promise<void> {
  await tx('hbnb_jobs.broadcasts').where({ id }).update({ walked_at: tx.fn.now() })
}

/** Takes back what is not sent yet: whoever would send it looks first. Answers whether there is such a broadcast. */
export async function cancelBroadcast(db: Knex, id: string, tenant?: string): Promise<boolean> {
  const cancelled = await db('hbnb_jobs.broadcasts')
    .where({ id, ...(tenant === undefined ? {} : { tenant }) })
    .update({ cancelled_at: db.raw('coalesce(cancelled_at, now())') })
  return cancelled > 0
}
