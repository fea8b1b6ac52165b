import { developmentDefaults, productionDefaults } from './defaults.ts'
import { domains } from './domains.ts'
import { ConfigurationFaults, type Fault, faultOf } from './faults.ts'
import { intakeLimits } from './intake-limits.ts'
import { mailSettings } from './mail.ts'
import { productionFaults } from './production.ts'
import { fcmSettings, sandboxProviders, sendgridSettings, twilioSettings } from './providers.ts'
import { type Environment, environment, shutdownMarginMs } from './schema.ts'
import { seeingSettings } from './seeing.ts'
import { serviceAddress } from './service-address.ts'
import { smsLimits } from './sms.ts'
import { upstreamSettings } from './upstream.ts'
import { isLoopback } from './values.ts'
import { webhookSettings } from './webhook-sources.ts'

/** The settings of one process: read once, checked whole, frozen, passed in. */
export type Config = ReturnType<typeof configOf>

/** Reads and checks the environment. Throws one ConfigurationFaults with all that is wrong, never with a secret. */
export function loadConfig(env: Readonly<Record<string, string | undefined>> = process.env): Config {
  // Compose files and shells hand on an unset variable as an empty one.
  const given = Object.fromEntries(Object.entries(env).filter(([, text]) => text !== undefined && text.trim() !== ''))
  const production = given.NODE_ENV === 'production'
  const values = { ...(production ? productionDefaults : developmentDefaults(given)), ...given }

  const parsed = environment.safeParse(values)
  const broken = new Set((parsed.error?.issues ?? []).map(issue => environment.keyof().parse(issue.path[0])))
  const sound = parsed.success ? parsed.data : soundPart(values, broken)
  const faults = [...broken].map(name => faultOf(name, given[name]))
  for (const fault of [...crossFaults(sound), ...(production ? productionFaults(sound) : [])]) {
    if (!faults.some(({ variable }) => variable === fault.variable)) faults.push(fault)
  }

  if (!parsed.success || faults.length > 0) throw new ConfigurationFaults(faults)
  return deepFreeze(configOf(parsed.data))
}

/** What did parse, so that rules between variables are reported together with faults inside others. */
function soundPart(values: Readonly<Record<string, unknown>>, broken: ReadonlySet<string>): Partial<Environment> {
  const rest = Object.entries(values).filter(([name]) => !broken.has(name))
  const partial = environment.partial().parse(Object.fromEntries(rest))
  const sound = Object.fromEntries(Object.entries(partial).filter(([name]) => !broken.has(name)))
  // Unset means all domains; a list that cannot be read must not ask for the settings of every one.
  return broken.has('DOMAINS') ? { ...sound, DOMAINS: [] } : sound
}

/** Neither is of use without the other. */
const pairs = [
  ['TWILIO_SID', 'TWILIO_AUTH_TOKEN'],
  ['UPSTREAM_API_URL', 'UPSTREAM_API_KEY'],
] as const

function crossFaults(env: Partial<Environment>): Fault[] {
  const faults: Fault[] = []
  const { PROVIDER_TIMEOUT_MS: timeoutMs, SHUTDOWN_DEADLINE_MS: deadlineMs } = env
  if (timeoutMs !== undefined && deadlineMs !== undefined && deadlineMs < timeoutMs + shutdownMarginMs) {
    const expected = `at least PROVIDER_TIMEOUT_MS + ${shutdownMarginMs}`
    const example = String(timeoutMs + shutdownMarginMs)
    faults.push(faultOf('SHUTDOWN_DEADLINE_MS', String(deadlineMs), { expected, example }))
  }
  for (const pair of pairs) {
    const absent = pair.filter(name => env[name] === undefined)
    if (absent.length === 1) for (const name of absent) faults.push(faultOf(name, undefined))
  }
  if (env.FCM_API_BASE !== undefined && !isLoopback(env.FCM_API_BASE)) {
    faults.push(faultOf('FCM_API_BASE', env.FCM_API_BASE))
  }
  return faults
}

function configOf(env: Environment) {
  const sandboxUrl = env.SANDBOX_URL === 'none' ? null : env.SANDBOX_URL
  // In production nothing real ever falls back on the sandbox: only test keys go there.
  const standIn = env.NODE_ENV === 'production' ? null : sandboxUrl
  const queueUrl = env.QUEUE_URL ?? env.DATABASE_URL
  return {
    production: env.NODE_ENV === 'production',
    database: {
      url: env.DATABASE_URL,
      /** Reaches Postgres itself, past any pooler: LISTEN works here. */
      directUrl: env.DATABASE_DIRECT_URL ?? env.DATABASE_URL,
      poolMax: env.DATABASE_POOL_MAX,
    },
    queue: {
      url: queueUrl,
      kind: /^rediss?:/i.test(queueUrl) ? ('redis' as const) : ('postgres' as const),
      prefix: env.QUEUE_PREFIX,
    },
    domains: [...new Set(env.DOMAINS ?? domains)],
    http: { host: env.HOST, port: env.PORT, publicUrl: env.PUBLIC_URL, trustProxy: env.TRUST_PROXY },
    metrics: { workerPort: env.WORKER_METRICS_PORT ?? null, relayPort: env.RELAY_METRICS_PORT ?? null },
    /** Where people find the platform; null: messages have no links. Without a slash at its end. */
    siteUrl: env.SITE_URL ?? null,
    sandboxUrl,
    webhooks: webhookSettings(env),
    mail: { ...mailSettings(env), eventPublicKey: env.SENDGRID_WEBHOOK_PUBLIC_KEY ?? null },
    sendgrid: sendgridSettings(env, standIn),
    twilio: twilioSettings(env, standIn),
    sms: smsLimits(env),
    fcm: fcmSettings(env, standIn),
    /** The platform's own API; null when it is not asked. */
    upstream: upstreamSettings(env),
    /** The providers of jobs that test keys made; null without a sandbox. */
    sandboxProviders: sandboxUrl === null ? null : sandboxProviders(sandboxUrl),
    bootstrapApiKeys: env.API_KEYS_BOOTSTRAP ?? [],
    session: { secret: env.SESSION_SECRET },
    /** Calls per second to each provider, all processes together. */
    budgets: {
      sendgrid: env.BUDGET_SENDGRID_PER_SECOND,
      twilio: env.BUDGET_TWILIO_PER_SECOND,
      fcm: env.BUDGET_FCM_PER_SECOND,
    },
    limits: {
      providerTimeoutMs: env.PROVIDER_TIMEOUT_MS,
      shutdownDeadlineMs: env.SHUTDOWN_DEADLINE_MS,
      /** Of one API key, unless it has a limit of its own. */
      apiKeyRequestsPerMinute: env.API_KEY_REQUESTS_PER_MINUTE,
    },
    inbox: { keptDays: env.INBOX_RETENTION_DAYS },
    ...intakeLimits(env),
    ...seeingSettings(env),
    ...serviceAddress(env),
    log: { level: env.LOG_LEVEL },
  }
}

/** Makes a tree of plain objects and arrays read-only at run time. */
function deepFreeze<Tree extends object>(tree: Tree): Tree {
  for (const branch of Object.values(tree)) {
    if (typeof branch === 'object' && branch !== null) deepFreeze(branch)
  }
  return Object.freeze(tree)
}
