import type { Domain } from './domains.ts'
import type { Config } from './load.ts'
import type { VariableName } from './schema.ts'
import { hbnbSources } from '../domain/events/hbnb-events.ts'

const gaps: Readonly<Record<Domain, (config: Config) => VariableName | null>> = {
  webhooks: ({ webhooks }) =>
    hbnbSources.every(source => webhooks[source].secrets.length === 0) ? 'WEBHOOK_SECRET' : null,
  email: ({ sendgrid }) => ('missing' in sendgrid ? sendgrid.missing : null),
  sms: ({ twilio }) => ('missing' in twilio ? twilio.missing : null),
  push: ({ fcm }) => ('missing' in fcm ? fcm.missing : null),
}

/** The variable to name when a domain cannot be served here, so that callers answer 501 with it; null when it can. */
export function absentVariable(config: Config, domain: Domain): VariableName | null {
  return config.domains.includes(domain) ? (gaps[domain]?.(config) ?? null) : 'DOMAINS'
}
