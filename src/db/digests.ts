import type { Knex } from 'knex'
import type { CategoryName } from '../domain/notifications/categories.ts'
import { type DigestWindow, nextWindow } from '../domain/notifications/digest-window.ts'
import { type DigestItem, maxDigestItems } from '../domain/notifications/write-digest.ts'
import type { Notification } from './notifications.ts'

/** What one reader is told of one category on one day. */
export interface Digest {
  /** Also of the notification it becomes. */
  readonly id: string
  readonly tenant: string
  readonly user_id: string
  readonly category: CategoryName
}

/** What is left to tell of a digest: the oldest {@link maxDigestItems}, of `count` in all. */
interface DigestContent {
  readonly items: readonly DigestItem[]
  readonly count: number
}

/**
 * Puts a notification into the digest of its reader that is open, for which `newId` is taken when it is the first; one that
 * is in a digest stays there. The row is locked until the end of the transaction, so nobody closes it meanwhile.
 */
export async function addToDigest(
  tx: Knex.Transaction,
  { id, tenant, user_id, category }: Pick<Notification, 'id' | 'tenant' | 'user_id' | 'category'>,
  newId: string,
  zone: string,
  open: DigestWindow,
): Promise<Date> {
  const before = await tx('hbnb_jobs.notifications as n')
    .join('hbnb_jobs.digests as d', 'd.id', 'n.digest_id')
    .where('n.id', id)
    .first<{ closes_at: Date } | undefined>('d.closes_at')
  if (before) return before.closes_at
  for (let window = open; ; window = nextWindow(window, zone)) {
    const row = { id: newId, tenant, user_id, category, day: window.day, closes_at: window.closesAt }
    const [digest] = await tx('hbnb_jobs.digests')
      .insert(row)
      .onConflict(['tenant', 'user_id', 'category', 'day'])
      .merge(['day'])
      .returning<{ id: string; closes_at: Date; closed_at: Date | null }[]>(['id', 'closes_at', 'closed_at'])
    // A clock that is ahead of ours has closed it already: there is always another day.
    if (!digest || digest.closed_at !== null) continue
    await tx('hbnb_jobs.notifications').where({ id }).update({ digest_id: digest.id })
    return digest.closes_at
  }
}

/** Locks at most `limit` digests whose time has come; those that somebody else has in hand are left to them. */
export async function lockDueDigests(tx: Knex.Transaction, now: Date, limit: number): Promise<Digest[]> {
  return await tx('hbnb_jobs.digests')
    .whereNull('closed_at')
    .where('closes_at', '<=', now)
    .orderBy(['closes_at', 'id'])
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .select<Digest[]>('id', 'tenant', 'user_id', 'category')
}

/** Closes digests: what comes from now on is for the next ones. */
export async function closeDigests(tx: Knex.Transaction, digests: readonly Digest[]): Promise<void> {
  await tx('hbnb_jobs.digests')
    .whereIn(
      'id',
      digests.map(({ id }) => id),
    )
    .update({ closed_at: tx.raw('clock_timestamp()') })
}

/** What is left to tell of each digest: what was read, cancelled or has expired since is not. Those left with nothing are not there. */
export async function contentOf(
  tx: Knex.Transaction,
  digests: readonly Digest[],
  now: Date,
): Promise<Map<string, DigestContent>> {
  const left = tx('hbnb_jobs.notifications')
    .whereIn(
      'digest_id',
      digests.map(({ id }) => id),
    )
    .whereNull('read_at')
    .whereNull('cancelled_at')
    .whereRaw('coalesce(expires_at > ?, true)', [now])
    .select(
      'digest_id',
      'title',
      tx.raw(`coalesce(body, '') as body`),
      tx.raw('row_number() over (partition by digest_id order by created_at, id)::int as place'),
      tx.raw('count(*) over (partition by digest_id)::int as count'),
    )
  const rows = await tx
    .from(left.as('n'))
    .where('place', '<=', maxDigestItems)
    .orderBy(['digest_id', 'place'])
    .select<(DigestItem & { digest_id: string; count: number })[]>('digest_id', 'title', 'body', 'count')
  const contents = new Map<string, { items: DigestItem[]; count: number }>()
  for (const { digest_id, title, body, count } of rows) {
    const content = contents.get(digest_id) ?? { items: [], count }
    content.items.push({ title, body })
    contents.set(digest_id, content)
  }
  return contents
}
