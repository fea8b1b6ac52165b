import { EventWebhook } from '@sendgrid/eventwebhook'

const SIGNATURE_HEADER = 'x-twilio-email-event-webhook-signature'
const TIMESTAMP_HEADER = 'x-twilio-email-event-webhook-timestamp'

const webhook = new EventWebhook()

/** Request headers as node:http gives them: names in lower case. */
type RequestHeaders = Readonly<Record<string, string | readonly string[] | undefined>>

/**
 * Whether SendGrid signed exactly these bytes (ECDSA over timestamp and body, SendGrid "Event Webhook Security Features").
 * False for anything missing or malformed. A replay passes: events may be taken again.
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
