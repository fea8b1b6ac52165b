import { createPrivateKey, sign } from 'node:crypto'
import { Stripe } from 'stripe'
import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks.js'
import type { Config } from '../../src/config/load.ts'
import { developmentSecrets } from '../../src/config/defaults.ts'
import { DEVELOPMENT_EVENT_PRIVATE_KEY } from '../../src/sandbox/development-keys.ts'

const privateKey = createPrivateKey({
  key: Buffer.from(DEVELOPMENT_EVENT_PRIVATE_KEY, 'base64'),
  format: 'der',
  type: 'pkcs8',
})
const stripeSecret: string = developmentSecrets.STRIPE_WEBHOOK_SECRET

/** Headers of SendGrid's Event Webhook for a body. */
export function sendgridHeaders(body: string): Record<string, string> {
  const timestamp = String(Math.floor(Date.now() / 1_000))
  return {
    'x-twilio-email-event-webhook-timestamp': timestamp,
    'x-twilio-email-event-webhook-signature': sign('sha256', Buffer.from(timestamp + body), privateKey).toString(
      'base64',
    ),
  }
}

/** Headers of a Stripe event, as its own library signs it now. */
export function stripeHeaders(payload: string, secret = stripeSecret): Record<string, string> {
  return { 'stripe-signature': Stripe.webhooks.generateTestHeaderString({ payload, secret }) }
}

/** A status callback as Twilio's own library signs it, for an intake of this configuration. */
export function twilioCallback(
  { http, twilio }: Config,
  path: string,
  fields: Readonly<Record<string, string>>,
): { readonly headers: Record<string, string>; readonly body: string } {
  const token = 'missing' in twilio ? '' : twilio.authToken
  return {
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-twilio-signature': getExpectedTwilioSignature(token, `${http.publicUrl}${path}`, fields),
    },
    body: new URLSearchParams(fields).toString(),
  }
}
