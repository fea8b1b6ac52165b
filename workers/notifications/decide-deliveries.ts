import type { Knex } from 'knex'
import emailSend from '../../queues/email/send.ts'
import type send from '../../queues/notifications/send.ts'
import pushSend from '../../queues/push/send.ts'
import smsSend from '../../queues/sms/send.ts'
import type { ResultOf } from '../../queues/define-job.ts'
import {
  countSentSince,
  type Delivery,
  deliveriesOf,
  insertDeliveries,
  lockReader,
  type Notification,
} from '../../src/db/notifications.ts'
import type { Channel } from '../../src/domain/notifications/channel.ts'
import { type ChannelDecision, decideChannels } from '../../src/domain/notifications/decide-channels.ts'
import { marketingUntil } from '../../src/domain/notifications/marketing-hours.ts'
import { readerZone } from '../../src/domain/notifications/reader-zone.ts'
import type { Recipient } from '../../src/domain/notifications/recipient.ts'
import { childJobId } from '../../src/ledger/job-id.ts'
import type { Context } from '../runtime/process.ts'
import { channelFacts } from './channel-facts.ts'

const capWindowMs = 3_600_000

const sendOn = { email: emailSend, sms: smsSend, push: pushSend }
const priorityOf = { low: 8, normal: 5, high: 2 } as const

/** What the decision reads of a notification. */
type Decided = Pick<
  Notification,
  'id' | 'user_id' | 'to_email' | 'to_phone' | 'entity' | 'category' | 'urgency' | 'channels' | 'expires_at'
>

/**
 * Decides each channel of a notification, once: the decisions and the jobs that carry them out are kept together, with what
 * `keep` writes before them.
 */
export async function decideDeliveries(
  notification: Decided,
  recipient: Recipient,
  context: Context,
  keep: (tx: Knex.Transaction) => Promise<void>,
): Promise<ResultOf<typeof send>> {
  const { id } = notification
  const { facts, quietHours } = await channelFacts(context.db, recipient, notification.category)
  const deliveries = await context.transaction(async tx => {
    await lockReader(tx, notification)
    const decidedBefore = await deliveriesOf(tx, id)
    if (decidedBefore.length > 0) return decidedBefore
    await keep(tx)
    const now = new Date()
    const { country } = recipient
    const zone = readerZone(recipient.zone)
    const decisions = decideChannels({
      now,
      category: notification.category,
      urgency: notification.urgency,
      named: notification.channels,
      expiresAt: notification.expires_at,
      facts,
      quietHours,
      zone,
      sentLastHour: await countSentSince(tx, notification, new Date(now.getTime() - capWindowMs)),
      shutUntil: (channel, at) => (channel === 'sms' ? marketingUntil(country, notification.category, at, zone) : null),
    })
    const decided = decisions.map(decision => deliveryOf(id, context.job.id, decision))
    await insertDeliveries(tx, decided)
    for (const delivery of decided) await enqueueDelivery(tx, notification, delivery, context)
    return decided
  })
  const said = (channel: Channel) => wordsOf(deliveries.find(delivery => delivery.channel === channel))
  return { notification_id: id, channels: { email: said('email'), sms: said('sms'), push: said('push') } }
}

function deliveryOf(notificationId: string, jobId: string, told: ChannelDecision): Delivery {
  const { channel, decision, reason, until } = told
  const id = childJobId(jobId, channel)
  const job_id = decision === 'suppress' ? null : id
  return { id, notification_id: notificationId, channel, decision, reason, until, job_id }
}

async function enqueueDelivery(
  tx: Knex.Transaction,
  { entity, urgency, expires_at }: Decided,
  { id, channel, until, job_id }: Delivery,
  { enqueue }: Context,
): Promise<void> {
  if (job_id === null) return
  const expiry = expires_at === null ? {} : { expiresAt: expires_at }
  const options = { key: channel, entity, tx, runAt: until, priority: priorityOf[urgency], ...expiry }
  await enqueue(sendOn[channel], { delivery_id: id }, options)
}

function wordsOf(delivery: Delivery | undefined): string {
  if (delivery === undefined) return 'not asked for'
  const { decision, reason, until } = delivery
  if (decision === 'send') return 'send'
  return decision === 'suppress' ? `suppressed: ${reason}` : `deferred: ${reason} until ${until?.toISOString()}`
}
