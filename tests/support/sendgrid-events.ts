import { z } from 'zod'

const MAX_EVENTS_PER_POST = 10_000
const MAX_ID_CHARACTERS = 256

/** One event about one mail, as far as we read it; other fields and unknown event names pass (SendGrid adds some over time). */
const sendgridEvent = z.object({
  event: z.string().min(1),
  sg_event_id: z.string().min(1).max(MAX_ID_CHARACTERS),
  /** Begins with the X-Message-Id of the send. */
  sg_message_id: z.string().max(MAX_ID_CHARACTERS).optional(),
  /** Unix seconds. */
  timestamp: z.int().nonnegative(),
  email: z.string(),
  /** Our custom argument, flat beside SendGrid's own fields. */
  effect_id: z.string().max(MAX_ID_CHARACTERS).optional(),
  /** Why a mail bounced or was dropped; may quote the address. */
  reason: z.string().optional(),
  /** `bounce` or `blocked` for bounces. */
  type: z.string().optional(),
})

/** The body of one Event Webhook post (docs: https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event). */
export const sendgridEvents = z.array(sendgridEvent).min(1).max(MAX_EVENTS_PER_POST)

export type SendgridEvent = z.output<typeof sendgridEvent>
