import type { Knex } from 'knex'
import { type NotificationPreferences, notificationPreferences } from '../../src/db/preferences.ts'
import { suppressionsOf } from '../../src/db/suppressions.ts'
import { deviceTokensOf } from '../../src/db/users.ts'
import type { CategoryName } from '../../src/domain/notifications/categories.ts'
import type { ChannelFacts } from '../../src/domain/notifications/decide-channels.ts'
import type { QuietHours } from '../../src/domain/notifications/quiet-hours.ts'
import type { Refusal } from '../../src/domain/notifications/reasons.ts'
import type { Recipient } from '../../src/domain/notifications/recipient.ts'
import { toE164 } from '../../src/domain/phone.ts'

const nothingSaid: NotificationPreferences = { chosen: {}, quietHours: null }

/** What speaks for and against each way to a person, as things are now. */
export async function channelFacts(
  db: Knex,
  { userId, email, phone, country, switchedOn }: Recipient,
  category: CategoryName,
): Promise<{ readonly facts: ChannelFacts; readonly quietHours: QuietHours | null }> {
  const sms = phone === null ? ('no-address' as const) : mobileNumber(phone, country)
  const [devices, said, suppressions] = await Promise.all([
    userId === null ? [] : deviceTokensOf(db, userId),
    userId === null ? nothingSaid : notificationPreferences(db, userId, category),
    suppressionsOf(
      db,
      [
        ...(email === null ? [] : [{ channel: 'email' as const, address: email }]),
        ...(typeof sms === 'string' ? [] : [{ channel: 'sms' as const, address: sms.e164 }]),
      ],
      category,
    ),
  ])
  const { push = null, email: byMail = null, sms: bySms = null } = said.chosen
  return {
    facts: {
      noWay: {
        push: devices.length === 0 ? 'no-address' : null,
        email: email === null ? 'no-address' : null,
        sms: typeof sms === 'string' ? sms : null,
      },
      suppressed: {
        push: null,
        email: suppressions.get(email ?? '') ?? null,
        sms: typeof sms === 'string' ? null : (suppressions.get(sms.e164) ?? null),
      },
      chosen: { push, email: byMail, sms: bySms },
      switchedOn,
    },
    quietHours: said.quietHours,
  }
}

function mobileNumber(phone: string, country: string | null): { readonly e164: string } | Refusal {
  const number = toE164(phone, country ?? '')
  if (number === null) return 'invalid'
  return number.kind === 'mobile' || number.kind === 'either' ? number : 'not-mobile'
}
