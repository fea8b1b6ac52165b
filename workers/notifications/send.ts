import emailSend from '../../queues/email/send.ts'
import contract from '../../queues/notifications/send.ts'
import pushSend from '../../queues/push/send.ts'
import smsSend from '../../queues/sms/send.ts'
import { findStay, type Stay } from '../../src/db/bookings.ts'
import { type Channel, insertNotification } from '../../src/db/notifications.ts'
import { deviceTokensOf, findUser, type User } from '../../src/db/users.ts'
import { pickLocale } from '../../src/domain/locale.ts'
import { decideChannels } from '../../src/domain/notifications/decide-channels.ts'
import { templateVersion } from '../../src/domain/notifications/templates/registry.ts'
import { nextLook } from '../../src/domain/unknown-entity.ts'
import { NotYet, PermanentError, Skipped } from '../../src/errors.ts'
import { childJobId } from '../../src/ledger/job-id.ts'
import { process } from '../runtime/process.ts'

const sendOn = { email: emailSend, sms: smsSend, push: pushSend }
/** What the platform's apps expect with a push about a booking (the guide's default). */
const bookingPushData = { click_action: 'FLUTTER_NOTIFICATION_CLICK', type: 'booking_update' }

export default process(contract, async ({ user_id, template, booking_id = '' }, context) => {
  const { db, job, publicUrl, transaction, enqueue } = context
  const [user, stay] = await Promise.all([findUser(db, user_id), findStay(db, booking_id)])
  if (!user) throw unknown('user-not-found', 'the platform has not told us of this user', job.acceptedAt)
  if (!stay)
    throw unknown('unknown-booking', 'the platform has not told us of this booking or its place', job.acceptedAt)
  if (stay.status === 'cancelled') return new Skipped('the booking was cancelled meanwhile')

  const decisions = decideChannels(user, await deviceTokensOf(db, user_id))
  const channels: Channel[] = ['email', 'sms', 'push']
  const deliveryId = (channel: Channel) => childJobId(job.id, channel)

  await transaction(async tx => {
    const entity = `booking:${booking_id}`
    const notification = {
      id: job.id,
      user_id,
      template,
      template_version: templateVersion(template),
      locale: pickLocale({ userLocale: user.locale, country: user.country }),
      data: confirmationData(user, stay, publicUrl),
      push_data: { ...bookingPushData, booking_id },
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

function confirmationData(user: User, stay: Stay, publicUrl: string) {
  return {
    booking_id: stay.id,
    guest_first_name: user.first_name,
    place_title: stay.place_title,
    place_city: stay.place_city,
    check_in: stay.check_in,
    check_out: stay.check_out,
    guests: stay.guests,
    total_minor: stay.total_minor,
    currency: stay.currency,
    booking_url: `${publicUrl}/bookings/${encodeURIComponent(stay.id)}`,
  }
}

function unknown(code: string, message: string, acceptedAt: Date): Error {
  const until = nextLook(acceptedAt, new Date())
  return until ? new NotYet(code, message, until) : new PermanentError(code, message)
}
