import { EventWebhook } from '@sendgrid/eventwebhook'
import { z } from 'zod'

const SIGNATURE_HEADER = 'x-twilio-email-event-webhook-signature'
const TIMESTAMP_HEADER = 'x-twilio-email-event-webhook-timestamp'
const MAX_EVENTS_PER_POST = 10_000
const MAX_ID_CHARACTERS = 256

const webhook = new EventWebhook()

/** Request headers as node:http gives them: names in lower case. */
type RequestHeaders = Readonly<Record<string, string | readonly string[] | undefined>>

/**
 * Whether SendGrid signed exactly these bytes (ECDSA over timestamp and body, SendGrid "Event Webhook Security Features").
 * False for anything missing or malformed. A replay passes: events must be taken once, by `sg_event_id`.
 */
export function verifySendgridEvents(rawBody: Buffer, headers: RequestHeaders, publicKey: string): boolean {
  const signature = headers[SIGNATURE_HEADER]
  const timestamp = headers[TIMESTAMP_HEADER]
  if (typeof signature !== 'string' || typeof timestamp !== 'string') return false
  try {
    return webhook.verifySignature(webhook.convertPublicKeyToECDSA(publicKey), rawBody, signature, timestamp)
  } catch {
    return false // A signature or key that cannot even be decoded.
  }
}

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
