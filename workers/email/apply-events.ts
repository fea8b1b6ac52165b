import { z } from 'zod'
import contract from '../../queues/email/apply-events.ts'
import { findInboxEvent, markHandled } from '../../src/db/inbox.ts'
import { noteMailStatuses, type ToldMailStatus } from '../../src/db/mail-statuses.ts'
import { isLaterMailStatus, mailStatus } from '../../src/domain/events/mail-status.ts'
import { keptMailEvent, type MailEvent, mailEventKey } from '../../src/domain/mail-event.ts'
import { PermanentError } from '../../src/errors.ts'
import { endEffects, wakeParked } from '../../src/ledger/effect-rows.ts'
import { type Context, process } from '../runtime/process.ts'
import { applyWishes } from './apply-wishes.ts'

export default process(contract, async ({ inbox_id }, { db, ledger }) => {
  const stored = await findInboxEvent(db, inbox_id)
  if (!stored) throw new PermanentError('unknown-event', 'the inbox has no such event')

  const told = z.array(keptMailEvent).parse(stored.body)
  const events = [...new Map(told.map(event => [mailEventKey(event), event])).values()]
  const settled = await settle(ledger, events)
  const suppressed = await applyWishes(db, events)
  const noted = await noteMailStatuses(db, latestOfEach(events))
  await markHandled(db, inbox_id, 'processed')
  return { events: events.length, settled, noted, suppressed }
})

/** That there is any event of a mail proves that the provider had taken it. Answers how many lost answers that settled. */
async function settle(ledger: Context['ledger'], events: readonly MailEvent[]): Promise<number> {
  const accepted = new Map(events.map(({ effect_id, sg_message_id }) => [effect_id, sg_message_id] as const))
  const ends = [...accepted].flatMap(([id, messageId]) => {
    if (id === undefined) return []
    const providerId = messageId === undefined ? null : sentId(messageId)
    return [{ id, state: 'accepted', providerId, error: null, evidence: 'event', expectedSends: null } as const]
  })
  const settled = await endEffects(ledger, ends, null)
  await wakeParked(
    ledger,
    settled.map(({ jobId }) => jobId),
  )
  return settled.length
}

/** How far each mail has come by these events. */
function latestOfEach(events: readonly MailEvent[]): ToldMailStatus[] {
  const latest = new Map<string, ToldMailStatus>()
  for (const event of events) {
    const { effect_id: effectId, delivery_id, sg_message_id, timestamp } = event
    const status = mailStatus(event)
    if (effectId === undefined || sg_message_id === undefined || status === null) continue
    const deliveryId = delivery_id ?? null
    const known = latest.get(deliveryId ?? effectId)
    if (known && !isLaterMailStatus(status, known.status)) continue
    const at = new Date(timestamp * 1_000)
    latest.set(deliveryId ?? effectId, { effectId, deliveryId, providerId: sentId(sg_message_id), status, at })
  }
  return [...latest.values()]
}

/** The id that the send was answered with: what follows its first dot is the way the mail took. */
function sentId(messageId: string): string {
  return messageId.split('.', 1)[0] ?? messageId
}
