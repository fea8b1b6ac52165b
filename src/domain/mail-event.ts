import { z } from 'zod'

const providerId = z.string().regex(/^[\x21-\x7e]{1,256}$/)

/** Of the year 9999: a moment in milliseconds would be none, and cost its neighbours their job. */
const lastSecond = 253_402_300_799

/** A field that may be missing, or of a form we do not know: then it is dropped, and the event kept. */
const perhaps = <Schema extends z.ZodType>(schema: Schema) => schema.optional().catch(undefined)

/**
 * What is kept of one event: ids, times and classes. Each field has a form that no address fits in, and everything else
 * (`email`, `ip`, `useragent`, `url`, `reason`, which may quote the address) is dropped before it is stored.
 * Fields: https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event
 */
export const keptMailEvent = z.object({
  event: z.string().regex(/^[a-z_]{1,40}$/),
  /** Unix seconds. */
  timestamp: z.int().min(0).max(lastSecond),
  /** Tells nothing apart: it is missing in some events of unsubscribing, and another one in each retry (sendgrid-nodejs#1435). */
  sg_event_id: perhaps(providerId),
  sg_message_id: perhaps(providerId),
  effect_id: perhaps(z.uuid()),
  delivery_id: perhaps(z.uuid()),
  job_id: perhaps(z.uuid()),
  type: perhaps(z.string().regex(/^[a-z_]{1,40}$/)),
  status: perhaps(z.string().regex(/^[0-9.]{1,12}$/)),
  bounce_classification: perhaps(z.string().regex(/^[A-Za-z /-]{1,60}$/)),
  /** The class of `reason`, of events that refuse a mail for its address. */
  dropped_because: perhaps(z.enum(['bounced', 'spam-report', 'unsubscribed', 'invalid'])),
  /** Of events that say something of the address itself, and of no other. */
  address_sha256: perhaps(z.string().regex(/^[0-9a-f]{64}$/)).meta({ pii: true }),
})

/** An event as it was kept. */
export type MailEvent = z.output<typeof keptMailEvent>

/** What distinguishes an event from others: a retry has the same. One post may tell of many mails, so the effect is a part of it. */
export function mailEventKey(event: MailEvent): string {
  const { event: name, timestamp, sg_message_id, effect_id, delivery_id, address_sha256 } = event
  return JSON.stringify([name, timestamp, sg_message_id, effect_id, delivery_id, address_sha256])
}

/** What SendGrid writes as `reason` where it drops a mail for its address; its other reasons are about the mail. */
const droppedBecause: ReadonlyMap<string, MailEvent['dropped_because']> = new Map([
  ['bounced address', 'bounced'],
  ['spam reporting address', 'spam-report'],
  ['unsubscribed address', 'unsubscribed'],
  ['invalid', 'invalid'],
])

/** The class of the `reason` of a `dropped` event. */
export function dropClass(reason: string): MailEvent['dropped_because'] {
  return droppedBecause.get(reason.trim().toLowerCase())
}
