import { z } from 'zod'
import { addressSha256 } from '../../db/suppressions.ts'
import { mailRefusal } from '../../domain/events/mail-refusal.ts'
import { dropClass, keptMailEvent } from '../../domain/mail-event.ts'
import { fieldFaults } from '../http/pointer.ts'
import { Problem } from '../http/problem.ts'

const maxEvents = 10_000

const anyBatch = z.array(z.unknown()).min(1).max(maxEvents)

/** The fields that are not kept but as what they mean. */
const personal = z.object({
  email: z.string().optional().catch(undefined),
  reason: z.string().optional().catch(undefined),
})

/** One post of SendGrid's Event Webhook as it is kept, and how many of its events did not read as such. */
export function readSendgridEvents(body: unknown): { readonly events: readonly object[]; readonly leftOut: number } {
  const batch = anyBatch.safeParse(body)
  if (!batch.success) throw new Problem('invalid-event', { errors: fieldFaults(batch.error.issues, body) })
  // One event of a new kind must not cost the evidence that its neighbours carry.
  const events = batch.data.flatMap(event => {
    const { data } = keptMailEvent.safeParse(event)
    return data === undefined ? [] : [{ ...data, ...meaningOf(event, data) }]
  })
  return { events, leftOut: batch.data.length - events.length }
}

/**
 * The address as a hash, of events that forbid or allow writing to it: a bounce that comes back by its Return-Path names
 * neither the mail nor our ids (sendgrid/docs#5177), so that nothing but its address tells whose it was.
 */
function meaningOf(event: unknown, kept: z.output<typeof keptMailEvent>) {
  const { email, reason } = personal.parse(event)
  const dropped_because = kept.event === 'dropped' && reason !== undefined ? dropClass(reason) : undefined
  const says = mailRefusal({ ...kept, dropped_because }) !== null
  return { dropped_because, address_sha256: says && email !== undefined ? addressSha256('email', email) : undefined }
}
