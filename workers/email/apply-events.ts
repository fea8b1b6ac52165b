import { z } from 'zod'
import contract from '../../queues/email/apply-events.ts'
import { findInboxEvent, markHandled } from '../../src/db/inbox.ts'
import { keptMailEvent } from '../../src/domain/mail-event.ts'
import { PermanentError } from '../../src/errors.ts'
import { endEffects, wakeParked } from '../../src/ledger/effect-rows.ts'
import { process } from '../runtime/process.ts'

/** Any of these proves that the provider had taken the mail. */
const proofs = new Set(['processed', 'delivered', 'deferred', 'bounce', 'dropped', 'open', 'click', 'spamreport'])

export default process(contract, async ({ inbox_id }, { db, ledger }) => {
  const stored = await findInboxEvent(db, inbox_id)
  if (!stored) throw new PermanentError('unknown-event', 'the inbox has no such event')

  const events = z.array(keptMailEvent).parse(stored.body)
  const accepted = new Map(
    events
      .filter(({ event, effect_id }) => effect_id !== undefined && proofs.has(event))
      .map(({ effect_id = '', sg_message_id }) => [effect_id, sg_message_id ?? null] as const),
  )
  const ends = [...accepted].map(([id, providerId]) => ({
    id,
    state: 'accepted' as const,
    providerId: providerId?.split('.')[0] ?? null,
    error: null,
    evidence: 'event' as const,
    expectedSends: null,
  }))
  const settled = await endEffects(ledger, ends, null)
  await wakeParked(
    ledger,
    settled.map(({ jobId }) => jobId),
  )
  await markHandled(db, inbox_id, 'processed')
  return { events: events.length, settled: settled.length }
})
