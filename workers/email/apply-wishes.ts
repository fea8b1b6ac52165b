import type { Knex } from 'knex'
import { deliveryCategories } from '../../src/db/delivery-categories.ts'
import { lift, type Suppression, suppress } from '../../src/db/suppressions.ts'
import { mailRefusal } from '../../src/domain/events/mail-refusal.ts'
import type { MailEvent } from '../../src/domain/mail-event.ts'

const source = 'sendgrid'

/** Notes the addresses that must not be written to any more, and those that may be again. Answers how many must not. */
export async function applyWishes(db: Knex, events: readonly MailEvent[]): Promise<number> {
  const saying = events.flatMap(event => {
    const says = mailRefusal(event)
    const { address_sha256, delivery_id, timestamp } = event
    return says === null || address_sha256 === undefined ? [] : [{ ...says, address_sha256, delivery_id, timestamp }]
  })
  const narrow = saying.flatMap(({ about, delivery_id = [] }) => (about === 'category' ? delivery_id : []))
  const categories = await deliveryCategories(db, narrow)

  // The last word of each reader about each category counts.
  const wishes = new Map<string, { readonly refused: boolean; readonly suppression: Suppression }>()
  for (const { reason, about, address_sha256, delivery_id = '' } of saying.toSorted(byTime)) {
    const category = about === 'category' ? categories.get(delivery_id) : undefined
    const suppression = {
      channel: 'email',
      addressSha256: address_sha256,
      ...(category === undefined ? {} : { category }),
      reason: reason ?? 'unsubscribed',
      source,
    } as const
    wishes.set(`${address_sha256} ${category} ${suppression.reason}`, { refused: reason !== null, suppression })
  }
  const all = [...wishes.values()]
  const refused = all.filter(wish => wish.refused).map(({ suppression }) => suppression)
  await suppress(db, refused)
  for (const { suppression } of all.filter(wish => !wish.refused)) await lift(db, suppression)
  return refused.length
}

function byTime(a: { readonly timestamp: number }, b: { readonly timestamp: number }): number {
  return a.timestamp - b.timestamp
}
