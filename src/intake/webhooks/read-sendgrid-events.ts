import { z } from 'zod'
import { fieldFaults } from '../http/pointer.ts'
import { Problem } from '../http/problem.ts'

const maxEvents = 10_000

const providerId = z.string().regex(/^[\x21-\x7e]{1,256}$/)

/**
 * What is kept of one event: ids, times and classes. Each field has a form that no address fits in, and everything else
 * (`email`, `ip`, `useragent`, `url`, `reason`, which may quote the address) is dropped before it is stored.
 * Fields: https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event
 */
const keptEvent = z.object({
  event: z.string().regex(/^[a-z_]{1,40}$/),
  sg_event_id: providerId,
  /** Unix seconds. */
  timestamp: z.int().nonnegative(),
  sg_message_id: providerId.optional().catch(undefined),
  effect_id: z.uuid().optional().catch(undefined),
  job_id: z.uuid().optional().catch(undefined),
  type: z
    .string()
    .regex(/^[a-z_]{1,40}$/)
    .optional()
    .catch(undefined),
  status: z
    .string()
    .regex(/^[0-9.]{1,12}$/)
    .optional()
    .catch(undefined),
  bounce_classification: z
    .string()
    .regex(/^[A-Za-z /-]{1,60}$/)
    .optional()
    .catch(undefined),
})

const anyBatch = z.array(z.unknown()).min(1).max(maxEvents)

/** One post of SendGrid's Event Webhook as it is kept, and how many of its events did not read as such. */
export function readSendgridEvents(body: unknown): { readonly events: readonly object[]; readonly leftOut: number } {
  const batch = anyBatch.safeParse(body)
  if (!batch.success) throw new Problem('invalid-event', { errors: fieldFaults(batch.error.issues, body) })
  // One event of a new kind must not cost the evidence that its neighbours carry.
  const events = batch.data.flatMap(event => {
    const { data } = keptEvent.safeParse(event)
    // Readers of the inbox expect the field; the address itself stays outside.
    return data === undefined ? [] : [{ ...data, email: '' }]
  })
  return { events, leftOut: batch.data.length - events.length }
}
