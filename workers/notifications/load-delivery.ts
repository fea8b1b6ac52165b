import type { Knex } from 'knex'
import { z } from 'zod'
import { findStay } from '../../src/db/bookings.ts'
import { findDelivery, isReachedBy, type DueDelivery, type Notification } from '../../src/db/notifications.ts'
import { findPayment } from '../../src/db/payments.ts'
import { channels } from '../../src/domain/notifications/channel.ts'
import { refusalOf } from '../../src/domain/notifications/decide-channels.ts'
import { mootReason } from '../../src/domain/notifications/moot.ts'
import { writeOwnWords } from '../../src/domain/notifications/own-words.ts'
import { isProviderTemplate } from '../../src/domain/notifications/provider-template.ts'
import type { Refusal } from '../../src/domain/notifications/reasons.ts'
import type { Recipient } from '../../src/domain/notifications/recipient.ts'
import { renderTemplate, templateVersion } from '../../src/domain/notifications/templates/registry.ts'
import type { RenderedNotification } from '../../src/domain/notifications/templates/template.ts'
import { NotYet, PermanentError, Skipped } from '../../src/errors.ts'
import { channelFacts } from './channel-facts.ts'
import { findRecipient } from './find-recipient.ts'
import { overtaken } from './overtaken.ts'

/** How long a worker leaves a message alone that a newer one has written. */
const newerWorkerMs = 30_000

/** What a channel sends and to whom, read anew at each attempt. */
export interface LoadedDelivery {
  readonly notification: Notification
  readonly recipient: Recipient
  /** Why it would not be sent any more, of one that may be out already: what is in doubt is settled, nothing is begun. */
  readonly refusal: string | null
  /** Written when it is asked for: what a template of the mail provider says is not ours to write. */
  readonly message: RenderedNotification
}

const subject = z.object({
  booking_id: z.string().optional(),
  payment_id: z.string().optional(),
  check_in: z.string().optional(),
})

/** Loads a delivery. PermanentError when there is nobody to send to, Skipped when there is nothing left to say. */
export async function loadDelivery(db: Knex, deliveryId: string): Promise<LoadedDelivery | Skipped> {
  const delivery = await findDelivery(db, deliveryId)
  if (!delivery) throw new PermanentError('unknown-delivery', 'there is no such delivery')
  const recipient = await findRecipient(db, delivery)
  if (recipient instanceof Skipped) return recipient
  const refusal = await refusalNow(db, delivery, recipient)
  // What may be out is not taken back by saying so: its effect would stay open, and the end of its job be a lie.
  if (refusal !== null && !delivery.is_under_way) return new Skipped(refusal)
  return {
    notification: delivery,
    recipient,
    refusal,
    get message() {
      return messageOf(delivery)
    },
  }
}

async function refusalNow(db: Knex, delivery: DueDelivery, recipient: Recipient): Promise<string | null> {
  const refusal = overtaken(delivery)
  if (refusal !== null) return refusal
  const refused = delivery.decision === 'defer' ? await refusedMeanwhile(db, delivery, recipient) : null
  return refused ?? (await mootNow(db, delivery))
}

/** What was put off is looked at again: meanwhile its reader may have read it elsewhere, or have had enough. */
async function refusedMeanwhile(
  db: Knex,
  { id, channel, reason, category, read_at }: DueDelivery,
  recipient: Recipient,
): Promise<Refusal | null> {
  if (read_at !== null) return 'read-already'
  const earlier = channels.slice(0, channels.indexOf(channel))
  if (reason === 'fallback' && (await isReachedBy(db, id, earlier))) return 'fallback-not-needed'
  const { facts } = await channelFacts(db, recipient, category)
  return refusalOf(channel, category, facts)
}

async function mootNow(db: Knex, { template, data }: Notification): Promise<string | null> {
  if (template === null || isProviderTemplate(template)) return null
  const { booking_id, payment_id, check_in } = subject.parse(data)
  const [booking, payment] = await Promise.all([
    booking_id === undefined ? undefined : findStay(db, booking_id),
    payment_id === undefined ? undefined : findPayment(db, payment_id),
  ])
  return mootReason(template, { booking, payment }, check_in)
}

function messageOf({ template, template_version, locale, data, title, body }: Notification): RenderedNotification {
  if (template === null) return writeOwnWords(locale, { title: title ?? '', body: body ?? '' })
  if ((template_version ?? 0) > templateVersion(template)) {
    const until = new Date(Date.now() + newerWorkerMs)
    throw new NotYet('newer-template', 'the message was written for a newer version of its template', until)
  }
  return renderTemplate(template, locale, data)
}
