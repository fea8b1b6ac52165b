import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { VariableName } from './schema.ts'

/** A folder of `queues/`. */
export type Domain = string

/** The domains there are: the folders of `queues/`, so that a new one is named nowhere else. */
export const domains: readonly Domain[] = readdirSync(join(import.meta.dirname, '../../queues'), {
  withFileTypes: true,
})
  .filter(entry => entry.isDirectory())
  .map(({ name }) => name)
  .toSorted()

/** What a domain cannot work without in production; a domain that is not named here needs nothing of its own. */
export const variablesOf: ReadonlyMap<Domain, readonly VariableName[]> = new Map([
  ['webhooks', ['WEBHOOK_SECRET']],
  ['email', ['SENDGRID_API_KEY', 'SENDGRID_WEBHOOK_PUBLIC_KEY']],
  ['sms', ['TWILIO_SID', 'TWILIO_AUTH_TOKEN', 'TWILIO_PHONE']],
  ['push', ['FCM_SERVICE_ACCOUNT']],
])
