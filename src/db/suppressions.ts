import { hash } from 'node:crypto'
import type { Knex } from 'knex'
import { type CategoryName, categories } from '../domain/notifications/categories.ts'

type Channel = 'email' | 'sms' | 'push'

/** Why an address is not written to any more. */
export type SuppressionReason =
  | 'bounced'
  | 'spam-report'
  | 'unsubscribed'
  | 'opted-out'
  | 'invalid'
  | 'not-mobile'
  | 'by-hand'

/** An address of a channel: of a mailbox, a number in E.164, the token of a device. */
interface Reached {
  readonly channel: Channel
  readonly address: string
}

/** An address that is not to be written to, and who says so. */
export interface Suppression {
  readonly channel: Channel
  readonly addressSha256: string
  /** What it is not to be written about; nothing: whatever it is about. */
  readonly category?: CategoryName
  readonly reason: SuppressionReason
  /** Where it was learned: a provider's name, `page`, `one-click`. Never an address. */
  readonly source: string
}

/** An address as it is kept of those who must not be written to: sha256 in hex, of a mailbox whatever its case. */
export function addressSha256(channel: Channel, address: string): string {
  return hash('sha256', channel === 'email' ? address.toLowerCase() : address)
}

/**
 * Which of these addresses may not be written to about a category, and why, by the address. Who has unsubscribed, even from
 * everything, is still told what belongs to their contracts; who cannot or will not be reached at all is told nothing.
 */
export async function suppressionsOf(
  db: Knex,
  reached: readonly Reached[],
  category: CategoryName,
): Promise<Map<string, SuppressionReason>> {
  if (reached.length === 0) return new Map()
  const hashes = reached.map(({ channel, address }) => addressSha256(channel, address))
  const channels = reached.map(({ channel }) => channel)
  const addresses = reached.map(({ address }) => address)
  const { rows } = await db.raw<{ rows: { address: string; reason: SuppressionReason }[] }>(
    // What holds for every category comes last, and is what is told.
    `select asked.address, s.reason
     from unnest(?::text[], ?::text[], ?::text[]) asked (channel, address_sha256, address)
     join hbnb_jobs.suppressions s using (channel, address_sha256)
     where s.category in ('', ?) and (s.reason <> 'unsubscribed' or not ?::boolean)
     order by s.category desc`,
    [channels, hashes, addresses, category, categories[category].legal === 'transactional'],
  )
  return new Map(rows.map(({ address, reason }) => [address, reason]))
}

/** Writes to these addresses no more. Safe to run twice: what is known of one gives way only where it had unsubscribed. */
export async function suppress(tx: Knex, suppressions: readonly Suppression[]): Promise<void> {
  const rows = suppressions.map(({ addressSha256: address_sha256, category = '', ...rest }) => ({
    ...rest,
    address_sha256,
    category,
  }))
  if (rows.length === 0) return
  await tx('hbnb_jobs.suppressions as s')
    .insert(oneOfEach(rows))
    .onConflict(['channel', 'address_sha256', 'category'])
    .merge(['reason', 'source', 'suppressed_at'])
    .whereRaw(`s.reason = 'unsubscribed' and excluded.reason <> 'unsubscribed'`)
}

interface Row extends Pick<Suppression, 'channel' | 'reason' | 'source'> {
  readonly address_sha256: string
  readonly category: string
}

/** One row per key, in the order of the keys: a statement may not write a row twice, and two must not wait for each other. */
function oneOfEach(rows: readonly Row[]): Row[] {
  const keyOf = ({ channel, address_sha256, category }: Row) => [channel, address_sha256, category].join(' ')
  // Of two of a key the later stays: unsubscribing is the first to give way.
  const inOrder = rows.toSorted((a, b) => Number(b.reason === 'unsubscribed') - Number(a.reason === 'unsubscribed'))
  const kept = new Map(inOrder.map(row => [keyOf(row), row]))
  return [...kept.keys()].toSorted().flatMap(key => kept.get(key) ?? [])
}

/** Writes to an address again that this alone forbade, about this category; where it forbade everything, about everything. */
export async function lift(
  tx: Knex,
  { channel, addressSha256: address_sha256, category, reason }: Omit<Suppression, 'source'>,
): Promise<void> {
  await tx('hbnb_jobs.suppressions')
    .where({ channel, address_sha256, reason })
    .whereIn('category', ['', category ?? ''])
    .delete()
}

/** Whether an address has unsubscribed from mail of a category, or from all of it. */
export async function hasUnsubscribed(
  db: Knex,
  { addressSha256: address_sha256, category }: { readonly addressSha256: string; readonly category: CategoryName },
): Promise<boolean> {
  const found = await db('hbnb_jobs.suppressions')
    .where({ channel: 'email', address_sha256, reason: 'unsubscribed' })
    .whereIn('category', ['', category])
    .first('category')
  return found !== undefined
}
