import type { Knex } from 'knex'
import emailBatch from '../../queues/email/send-batch.ts'
import pushBatch from '../../queues/push/send-batch.ts'
import { nextReaders, type Reader } from '../../src/db/audience.ts'
import { type Broadcast, endWalk, lockBroadcast, noteWalked } from '../../src/db/broadcasts.ts'
import {
  type Delivery,
  insertDeliveries,
  insertNotifications,
  type NewNotification,
} from '../../src/db/notifications.ts'
import { type ChannelDecision, decideChannels } from '../../src/domain/notifications/decide-channels.ts'
import { readerZone } from '../../src/domain/notifications/reader-zone.ts'
import { PermanentError } from '../../src/errors.ts'
import { childJobId } from '../../src/ledger/job-id.ts'
import type { Context } from '../runtime/process.ts'
import { overtaken } from './overtaken.ts'
import { readerFacts } from './reader-facts.ts'

/** What one call to the mail provider may carry. */
const peoplePerChunk = 1_000

/** What one child sends: a channel's deliveries that are due at the same time. */
interface Batch {
  readonly key: string
  readonly channel: 'push' | 'email'
  readonly until: Date | null
}

/**
 * Decides the next people of a broadcast, with the jobs that send to them and how far it has come, in one transaction.
 * Answers how many people are decided now; null when nobody is left, or the rest is not to be told.
 */
export async function decideChunk(tx: Knex.Transaction, id: string, context: Context): Promise<number | null> {
  const broadcast = await lockBroadcast(tx, id)
  if (!broadcast) throw new PermanentError('unknown-broadcast', 'there is no such broadcast')
  if (broadcast.walked_at !== null || overtaken(broadcast) !== null) return null
  const readers = await nextReaders(tx, broadcast, peoplePerChunk)
  const last = readers.at(-1)
  if (last === undefined) {
    await endWalk(tx, id)
    return null
  }
  const batches = new Map<string, Batch>()
  const decided = await decideEach(tx, broadcast, readers)
  const notifications = decided.map(({ reader }) => notificationOf(broadcast, context.job.id, reader))
  const deliveries = decided.flatMap(({ reader, decisions }) =>
    decisions.map(told => {
      const batch = batchOf(told, last.id)
      if (batch !== null) batches.set(batch.key, batch)
      return deliveryOf(childJobId(context.job.id, reader.id), context.job.id, told, batch)
    }),
  )
  await insertNotifications(tx, notifications)
  await insertDeliveries(tx, deliveries)
  for (const { key, channel, until } of batches.values()) {
    const expiry = broadcast.expires_at === null ? {} : { expiresAt: broadcast.expires_at }
    const contract = channel === 'email' ? emailBatch : pushBatch
    await context.enqueue(contract, { broadcast_id: id }, { key, tx, runAt: until, ...expiry })
  }
  const count = (channel: string) =>
    deliveries.filter(each => each.channel === channel && each.decision !== 'suppress').length
  const people = broadcast.people + readers.length
  const mails = broadcast.mails + count('email')
  const pushes = broadcast.pushes + count('push')
  await noteWalked(tx, id, { walked_to: last.id, people, mails, pushes })
  return people
}

async function decideEach(
  tx: Knex,
  { category, channels, expires_at }: Broadcast,
  readers: readonly Reader[],
): Promise<{ readonly reader: Reader; readonly decisions: ChannelDecision[] }[]> {
  const factsOf = await readerFacts(tx, readers, category)
  const now = new Date()
  return readers.map(reader => {
    const { quiet_from, quiet_to } = reader
    const decisions = decideChannels({
      now,
      category,
      urgency: 'normal',
      named: channels,
      expiresAt: expires_at,
      facts: factsOf(reader),
      quietHours: quiet_from === null || quiet_to === null ? null : { from: quiet_from, to: quiet_to },
      zone: readerZone(reader.zone),
      sentLastHour: reader.sent_last_hour,
      shutUntil: () => null,
    })
    return { reader, decisions }
  })
}

function notificationOf(broadcast: Broadcast, jobId: string, { id: user_id }: Reader): NewNotification {
  const { tenant, title, body, locale, push_data, category, channels, expires_at } = broadcast
  const id = childJobId(jobId, user_id)
  const said = { title, body, locale, data: {}, push_data, category, channels, expires_at }
  return { id, tenant, user_id, entity: null, ...said }
}

function batchOf({ channel, decision, until }: ChannelDecision, lastId: string): Batch | null {
  if (decision === 'suppress' || channel === 'sms') return null
  return { key: `${channel} to ${lastId} ${until?.toISOString() ?? 'now'}`, channel, until }
}

function deliveryOf(notificationId: string, jobId: string, told: ChannelDecision, batch: Batch | null): Delivery {
  const { channel, decision, reason, until } = told
  const id = childJobId(notificationId, channel)
  const job_id = batch === null ? null : childJobId(jobId, batch.key)
  return { id, notification_id: notificationId, channel, decision, reason, until, job_id }
}
