import { createHmac, randomUUID } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import { developmentSecrets } from '../../src/config/defaults.ts'

const developmentSecret: string = developmentSecrets.WEBHOOK_SECRET

/** Headers of Standard Webhooks for a body, as the platform would sign it now. */
export function standardHeaders(
  body: string,
  { id = `evt_${randomUUID()}`, secret = developmentSecret, at = new Date() } = {},
): Record<string, string> {
  const webhook = secret.startsWith('whsec_')
    ? new Webhook(secret)
    : new Webhook(Buffer.from(secret), { format: 'raw' })
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
    'webhook-signature': webhook.sign(id, at, body),
  }
}

/** The header of the platform's guide for a body. */
export function legacyHeaders(body: string | Uint8Array, secret = developmentSecret): Record<string, string> {
  return { 'x-webhook-signature': createHmac('sha256', secret).update(body).digest('hex') }
}
