import contract from '../../queues/notifications/send.ts'
import { insertNotification } from '../../src/db/notifications.ts'
import { findUser } from '../../src/db/users.ts'
import { pickLocale } from '../../src/domain/locale.ts'
import { categoryOf } from '../../src/domain/notifications/category-of.ts'
import { templateVersion } from '../../src/domain/notifications/templates/registry.ts'
import { Skipped } from '../../src/errors.ts'
import { process } from '../runtime/process.ts'
import { decideDeliveries } from './decide-deliveries.ts'
import { recipientOf } from './find-recipient.ts'
import { notKnown } from './not-known.ts'
import { subjectOf } from './subject-of.ts'

export default process(contract, async (payload, context) => {
  const { user_id, template } = payload
  const { db, job } = context
  const user = await findUser(db, user_id)
  if (!user) return await notKnown('user', user_id, context)
  const subject = await subjectOf(template, payload, user, context)
  if (subject instanceof Skipped) return subject

  const notification = {
    id: job.id,
    tenant: job.tenant,
    user_id,
    to_email: null,
    to_phone: null,
    template,
    template_version: templateVersion(template),
    locale: pickLocale({ userLocale: user.locale, country: user.country }),
    data: subject.data,
    push_data: subject.pushData,
    entity: subject.entity,
    category: categoryOf[template],
    urgency: 'normal' as const,
    channels: null,
    expires_at: subject.expiresAt,
  }
  return await decideDeliveries(notification, recipientOf(user), context, tx => insertNotification(tx, notification))
})
