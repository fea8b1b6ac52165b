import { z } from 'zod'
import contract from '../../queues/notifications/decide.ts'
import { findNotification, freezeNotification } from '../../src/db/notifications.ts'
import { findUser } from '../../src/db/users.ts'
import { pickLocale } from '../../src/domain/locale.ts'
import { isProviderTemplate } from '../../src/domain/notifications/provider-template.ts'
import { templateNames } from '../../src/domain/notifications/template-names.ts'
import { templateVersion } from '../../src/domain/notifications/templates/registry.ts'
import { PermanentError, Skipped } from '../../src/errors.ts'
import { process } from '../runtime/process.ts'
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
  if (!user) return await notKnown('user', user_id, context)
  const gathered = await gather(notification, user.zone, context)
  if (gathered !== null) return gathered
  const locale = pickLocale({ userLocale: user.locale, country: user.country })
  if (notification.template === null || isProviderTemplate(notification.template)) {
    const { data, push_data, template_version } = notification
    const said = { locale, data, push_data, template_version }
    return await decideDeliveries(notification, recipientOf(user), context, tx =>
      freezeNotification(tx, notification_id, said),
    )
  }
  const template = knownTemplate.parse(notification.template)
  const subject = await subjectOf(template, ids.parse(notification.data), user, context)
  if (subject instanceof Skipped) return subject
  const said = {
    locale,
    data: subject.data,
    // What the sender sends along says more than what all messages of the kind do.
    push_data: { ...subject.pushData, ...notification.push_data },
    template_version: templateVersion(template),
  }
  const expires_at = earlier(notification.expires_at, subject.expiresAt)
  return await decideDeliveries({ ...notification, expires_at }, recipientOf(user), context, tx =>
    freezeNotification(tx, notification_id, said),
  )
})

function earlier(one: Date | null, other: Date | null): Date | null {
  return one === null || (other !== null && other < one) ? other : one
}
