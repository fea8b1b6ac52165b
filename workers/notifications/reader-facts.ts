import type { Knex } from 'knex'
import type { Reader } from '../../src/db/audience.ts'
import { suppressionsOf } from '../../src/db/suppressions.ts'
import type { CategoryName } from '../../src/domain/notifications/categories.ts'
import type { ChannelFacts } from '../../src/domain/notifications/decide-channels.ts'

/** What speaks for and against each way to many people: as `channelFacts`, but for SMS, which no broadcast is sent by. */
export async function readerFacts(
  db: Knex,
  readers: readonly Reader[],
  category: CategoryName,
): Promise<(reader: Reader) => ChannelFacts> {
  const mailboxes = readers.flatMap(({ email }) =>
    email === null ? [] : [{ channel: 'email' as const, address: email }],
  )
  const suppressions = await suppressionsOf(db, mailboxes, category)
  return ({ email, has_device, chosen, email_notifications_enabled }) => ({
    noWay: {
      push: has_device ? null : 'no-address',
      email: email === null ? 'no-address' : null,
      sms: 'no-address',
    },
    suppressed: { push: null, email: suppressions.get(email ?? '') ?? null, sms: null },
    chosen: { push: chosen.push ?? null, email: chosen.email ?? null, sms: null },
    switchedOn: { push: true, email: email_notifications_enabled, sms: false },
  })
}
