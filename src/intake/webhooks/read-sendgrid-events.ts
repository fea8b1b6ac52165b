import { z } from 'zod'
import { keptMailEvent } from '../../domain/mail-event.ts'
import { fieldFaults } from '../http/pointer.ts'
import { Problem } from '../http/problem.ts'

const maxEvents = 10_000

const anyBatch = z.array(z.unknown()).min(1).max(maxEvents)

/** One post of SendGrid's Event Webhook as it is kept, and how many of its events did not read as such. */
export function readSendgridEvents(body: unknown): { readonly events: readonly object[]; readonly leftOut: number } {
  const batch = anyBatch.safeParse(body)
  if (!batch.success) throw new Problem('invalid-event', { errors: fieldFaults(batch.error.issues, body) })
  // One event of a new kind must not cost the evidence that its neighbours carry.
  const events = batch.data.flatMap(event => {
    const { data } = keptMailEvent.safeParse(event)
    return data === undefined ? [] : [data]
  })
  return { events, leftOut: batch.data.length - events.length }
}
