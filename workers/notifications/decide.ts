import { z } from 'zod'
import contract from '../../queues/notifications/decide.ts'
import { findNotification, freezeNotification, type Notification } from '../../src/db/notifications.ts'
import { findUser, type User } from '../../src/db/users.ts'
import { pickLocale } from '../../src/domain/locale.ts'
import { isProviderTemplate } from '../../src/domain/notifications/provider-template.ts'
import { templateNames } from '../../src/domain/notifications/template-names.ts'
import { templateVersion } from '../../src/domain/notifications/templates/registry.ts'
import { PermanentError, Skipped } from '../../src/errors.ts'
import { type Context, process } from '../runtime/process.ts'
import { decideDeliveries } from './decide-deliveries.ts'
import { addressee, recipientOf } from './find-recipient.ts'
import { gather } from './gather.ts'
import { notKnown } from './not-known.ts'
import { overtaken } from './overtaken.ts'
import { subjectOf } from './subject-of.ts'

const knownTemplate = z.enum(templateNames)
const ids = z.object({ booking_id: z.string().optional(), payment_id: z.string().optional() })

export default process(contract, async ({ notification_id }, context) => {
  const { db } = context
  const notification = await findNotification(db, notification_id)
  if (!notification) throw new PermanentError('unknown-notification', 'there is no such notification')
  const refusal = overtaken(notification)
  if (refusal !== null) return new Skipped(refusal)
  const { user_id } = notification
  if (user_id === null) return await decideDeliveries(notification, addressee(notification), context, async () => {})

  const user = await findUser(db, user_id)
  if (!user) {
    await notKnown('user', user_id, context)
    return new Skipped('erased')
  }
  const gathered = await gather(notification, user.zone, context)
  if (gathered !== null) return gathered
  const said = await saidTo(user, notification, context)
  if (said instanceof Skipped) return said
  const { expires_at, ...words } = said
  return await decideDeliveries({ ...notification, expires_at }, recipientOf(user), context, tx =>
    freezeNotification(tx, notification_id, words),
  )
})

/** What a notification says to its reader, to be frozen, and how long it is worth reading. */
async function saidTo(user: User, notification: Notification, context: Context) {
  const { template, template_version, data, push_data, expires_at } = notification
  const locale = pickLocale({ userLocale: user.locale, country: user.country })
  if (template === null || isProviderTemplate(template)) {
    return { locale, data, push_data, template_version, expires_at }
  }
  const known = knownTemplate.parse(template)
  const subject = await subjectOf(known, ids.parse(data), user, context)
  if (subject instanceof Skipped) return subject
  return {
    locale,
    data: subject.data,
    // What the sender sends along says more than what all messages of the kind do.
    push_data: { ...subject.pushData, ...push_data },
    template_version: templateVersion(known),
    expires_at: earlier(expires_at, subject.expiresAt),
  }
}

function earlier(one: Date | null, other: Date | null): Date | null {
  return one === null || (other !== null && other < one) ? other : one
}
