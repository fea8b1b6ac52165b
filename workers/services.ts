import type { Knex } from 'knex'
import type { Config } from '../src/config/load.ts'
import type { SmsLimits } from '../src/config/sms.ts'
import { isLoopback } from '../src/config/values.ts'
import type { RunStatement } from '../src/db/statement.ts'
import { ConfigError, PermanentError } from '../src/errors.ts'
import type { EntitySource } from '../src/providers/entity-source.ts'
import type { Mailer } from '../src/providers/mailer.ts'
import type { Pusher } from '../src/providers/pusher.ts'
import type { Texter } from '../src/providers/texter.ts'
import { upstreamEntities } from '../src/providers/upstream/entities.ts'
import { type Subscription, unsubscribeTokens } from '../src/unsubscribe/token.ts'

/** What processors work with. Providers are functions, so that a worker loads only the SDKs its jobs use. */
export interface Services {
  readonly db: Knex
  readonly ledger: RunStatement
  readonly mailer: () => Promise<Mailer>
  readonly texter: () => Promise<Texter>
  readonly pusher: () => Promise<Pusher>
  /** Where entities are asked for that only an event has named; null when there is nowhere. */
  readonly upstream: EntitySource | null
  /** Who a mail is from, and who answers it, by how the law sees the mail. */
  readonly mailFrom: Config['mail']['senders']
  /** The link that ends mail of a category. */
  readonly unsubscribeUrl: (subscription: Subscription) => string
  readonly smsFrom: string
  readonly smsLimits: SmsLimits
  /** Where people find the platform; null when messages have no links. */
  readonly siteUrl: string | null
  readonly providerTimeoutMs: number
}

type Providers = Pick<Config, 'sendgrid' | 'twilio' | 'fcm'>

/** The composition root: the one place where a worker's parts are chosen and joined. */
export function servicesOf(config: Config, db: Knex, ledger: RunStatement): Services {
  return { ...partsOf(config, db, ledger), ...sendersOf(config, config.http.publicUrl) }
}

/**
 * The same for the jobs of test tenants, whose providers are the sandbox or nobody: made without a look at the real ones.
 * Without a sandbox each send fails for good; that is no reason to pause the queue of the real jobs.
 */
export function testServicesOf(config: Config, db: Knex, ledger: RunStatement): Services {
  const { sandboxProviders } = config
  return {
    ...partsOf(config, db, ledger),
    ...(sandboxProviders === null
      ? { mailer: noSandbox, texter: noSandbox, pusher: noSandbox, smsFrom: '' }
      : sendersOf(sandboxProviders, config.http.publicUrl)),
  }
}

async function noSandbox(): Promise<never> {
  throw new PermanentError('sandbox-absent', 'SANDBOX_URL is not set')
}

function partsOf(config: Config, db: Knex, ledger: RunStatement) {
  const { upstream } = config
  const tokens = unsubscribeTokens(config.mail.unsubscribeSecrets)
  return {
    db,
    ledger,
    upstream: upstream && upstreamEntities(upstream),
    mailFrom: config.mail.senders,
    unsubscribeUrl: (about: Subscription) => `${config.http.publicUrl}/unsubscribe/${tokens.seal(about)}`,
    smsLimits: config.sms,
    siteUrl: config.siteUrl,
    providerTimeoutMs: config.limits.providerTimeoutMs,
  }
}

function sendersOf({ sendgrid, twilio, fcm }: Providers, publicUrl: string) {
  return {
    mailer: once(async () => {
      const { sendgridMailer } = await import('../src/providers/sendgrid/mailer.ts')
      return sendgridMailer(present(sendgrid))
    }),
    texter: once(async () => {
      const { twilioTexter } = await import('../src/providers/twilio/texter.ts')
      const settings = present(twilio)
      return twilioTexter({ ...settings, statusUrl: smsStatusUrl(settings.baseUrl, publicUrl) })
    }),
    pusher: once(async () => {
      const { fcmPusher } = await import('../src/providers/fcm/pusher.ts')
      return fcmPusher(present(fcm))
    }),
    smsFrom: 'missing' in twilio ? '' : twilio.fromPhone,
  }
}

/** Where SMS report to. Twilio refuses to send with an address that only this machine has; the sandbox calls no other. */
function smsStatusUrl(providerUrl: string, publicUrl: string): string | null {
  return isLoopback(providerUrl) === isLoopback(publicUrl) ? `${publicUrl}/webhooks/twilio` : null
}

type Missing = { readonly missing: string }

function present<Settings extends object>(settings: Settings): Exclude<Settings, Missing> {
  if ('missing' in settings) throw new ConfigError('not-configured', `${String(settings.missing)} is not set`)
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- The line above left nothing else.
  return settings as Exclude<Settings, Missing>
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => (made ??= make())
}
