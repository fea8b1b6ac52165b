import emailSend from '../../queues/email/send.ts'
import contract from '../../queues/notifications/send.ts'
import pushSend from '../../queues/push/send.ts'
import smsSend from '../../queues/sms/send.ts'
import type { PayloadOf } from '../../queues/define-job.ts'
import { type Channel, insertNotification } from '../../src/db/notifications.ts'
import { deviceTokensOf, findUser, type User } from '../../src/db/users.ts'
import { pickLocale } from '../../src/domain/locale.ts'
import { decideChannels } from '../../src/domain/notifications/decide-channels.ts'
import { subjectField } from '../../src/domain/notifications/template-names.ts'
import { templateVersion } from '../../src/domain/notifications/templates/registry.ts'
import { Skipped } from '../../src/errors.ts'
import { childJobId } from '../../src/ledger/job-id.ts'
import { type Context, process } from '../runtime/process.ts'
import { aboutBooking } from './about-booking.ts'
import { aboutPayment } from './about-payment.ts'
import { aboutReader } from './about-reader.ts'
import { notKnown } from './not-known.ts'
import type { Subject } from './subject.ts'

const sendOn = { email: emailSend, sms: smsSend, push: pushSend }

export default process(contract, async (payload, context) => {
  const { user_id, template } = payload
  const { db, job, transaction, enqueue } = context
  const user = await findUser(db, user_id)
  if (!user) return await notKnown('user', user_id, context)
  const subject = await subjectOf(payload, user, context)
  if (subject instanceof Skipped) return subject
  const { entity, data, pushData } = subject

  const decisions = decideChannels(user, await deviceTokensOf(db, user_id))
  const channels: Channel[] = ['email', 'sms', 'push']
  const deliveryId = (channel: Channel) => childJobId(job.id, channel)

  await transaction(async tx => {
    const notification = {
      id: job.id,
      user_id,
      template,
      template_version: templateVersion(template),
      locale: pickLocale({ userLocale: user.locale, country: user.country }),
      data,
      push_data: pushData,
      entity,
    }
    const deliveries = channels.map(channel => ({
      id: deliveryId(channel),
      notification_id: job.id,
      channel,
      decision: decisions[channel].send ? ('send' as const) : ('suppress' as const),
      reason: decisions[channel].reason,
      job_id: decisions[channel].send ? deliveryId(channel) : null,
    }))
    await insertNotification(tx, notification, deliveries)
    for (const channel of channels.filter(one => decisions[one].send)) {
      await enqueue(sendOn[channel], { delivery_id: deliveryId(channel) }, { key: channel, entity, tx })
    }
  })
  const said = (channel: Channel) => (decisions[channel].send ? 'send' : `suppressed: ${decisions[channel].reason}`)
  return { notification_id: job.id, channels: { email: said('email'), sms: said('sms'), push: said('push') } }
})

async function subjectOf(
  payload: PayloadOf<typeof contract>,
  reader: User,
  context: Context,
): Promise<Subject | Skipped> {
  const { template } = payload
  const field = subjectField(template)
  // Its contract has seen to it that it is there.
  const id = payload[field] ?? ''
  if (field === 'booking_id') return await aboutBooking(template, reader, id, context)
  if (field === 'payment_id') return await aboutPayment(template, reader, id, context)
  return aboutReader(reader, context.siteUrl)
}
