import { z } from 'zod'
import { callerVariables } from './callers.ts'
import { domains } from './domains.ts'
import { inboxVariables } from './inbox.ts'
import { intakeLimitVariables } from './intake-limits.ts'
import { mailVariables } from './mail.ts'
import { providerVariables } from './provider-variables.ts'
import { seeingVariables } from './seeing.ts'
import { serviceAddressVariables } from './service-address.ts'
import { siteVariables } from './site.ts'
import { smsVariables } from './sms.ts'
import { upstreamVariables } from './upstream.ts'
import { listOf, urlOf, variable, webAddress, wholeNumber } from './values.ts'
import { webhookVariables } from './webhook-sources.ts'

const minSecretChars = 16
const minSessionSecretChars = 32
const minPoolConnections = 2
const maxPoolConnections = 200
const minProviderTimeoutMs = 1_000
const maxProviderTimeoutMs = 60_000
const maxShutdownDeadlineMs = 600_000
const maxCallsPerSecond = 10_000
/** What a worker needs, beyond its longest provider call, to write outcomes and close connections. */
export const shutdownMarginMs = 5_000

const port = wholeNumber(0, 65_535)
const portExpected = 'a port number, 0 (any free port) to 65535'
const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const
const secretExpected = `one or more comma separated texts of at least ${minSecretChars} characters each`

/** The environment of every process. Unknown variables are ignored; an empty variable counts as not set. */
export const environment = z.object({
  NODE_ENV: variable(z.enum(['development', 'test', 'production']).default('development'), {
    about: 'production refuses development defaults and sandbox addresses',
    expected: 'development, test or production',
    example: 'production',
  }),
  DATABASE_URL: variable(urlOf('postgres', 'postgresql'), {
    about: 'PostgreSQL 15 or newer: the ledger of all jobs',
    expected: 'a postgres:// URL',
    example: 'postgres://hbnb:password@db.internal:5432/hbnb',
    secret: true,
  }),
  DATABASE_DIRECT_URL: variable(urlOf('postgres', 'postgresql').optional(), {
    about: 'the same database past a transaction pooler, for LISTEN; unset: DATABASE_URL',
    expected: 'a postgres:// URL',
    example: 'postgres://hbnb:password@db.internal:5433/hbnb',
    secret: true,
  }),
  DATABASE_POOL_MAX: variable(wholeNumber(minPoolConnections, maxPoolConnections).default(6), {
    about: 'connections one process opens at most in each of its pools',
    expected: `a whole number from ${minPoolConnections} to ${maxPoolConnections}`,
    example: '6',
  }),
  QUEUE_URL: variable(urlOf('postgres', 'postgresql', 'redis', 'rediss').optional(), {
    about: 'where BullMQ keeps its queues: Redis, or a PostgreSQL; unset in development: DATABASE_URL',
    expected: 'a postgres://, redis:// or rediss:// URL',
    example: 'redis://redis.internal:6379',
    secret: true,
  }),
  QUEUE_PREFIX: variable(
    z
      .string()
      .regex(/^[a-z][a-z0-9_-]{0,30}$/)
      .default('hbnb'),
    {
      about: 'keeps the queues of two deployments on one server apart',
      expected: 'a lower-case name of at most 31 letters, digits, _ and -',
      example: 'hbnb',
    },
  ),
  DOMAINS: variable(listOf(z.enum(domains)).optional(), {
    about: 'the domains this deployment serves, the others answer 501; unset: all',
    expected: 'a comma separated list of folders of queues/',
    example: 'webhooks,notifications,email',
  }),
  HOST: variable(z.union([z.ipv4(), z.ipv6(), z.hostname()]), {
    about: 'the address the intake listens on; 127.0.0.1 in development, 0.0.0.0 in production',
    expected: 'an IP address or host name',
    example: '0.0.0.0',
  }),
  PORT: variable(port.default(4_000), {
    about: 'the port the intake listens on',
    expected: portExpected,
    example: '4000',
  }),
  PUBLIC_URL: variable(webAddress, {
    about: 'how the world reaches the intake: links to its pages, provider callbacks',
    expected: 'an http(s):// URL without query, https:// in production',
    example: 'https://jobs.hbnb.com',
  }),
  WORKER_METRICS_PORT: variable(port.optional(), {
    about: 'a worker serves /metrics and /healthz on this port; unset: not at all',
    expected: portExpected,
    example: '9401',
  }),
  RELAY_METRICS_PORT: variable(port.optional(), {
    about: 'the relay serves /metrics and /healthz on this port; unset: not at all',
    expected: portExpected,
    example: '9402',
  }),
  SANDBOX_URL: variable(z.union([z.literal('none'), webAddress]), {
    about:
      'where test keys send; in development also providers without a real key (none: they count as missing); in production on this machine',
    expected: 'an http:// URL, or none',
    example: 'http://127.0.0.1:4010',
  }),
  ...webhookVariables,
  ...providerVariables,
  ...mailVariables,
  ...upstreamVariables,
  ...siteVariables,
  ...smsVariables,
  API_KEYS_BOOTSTRAP: variable(listOf(z.string().min(minSecretChars)).optional(), {
    about: 'development only: API keys that work without having been made by the CLI',
    expected: secretExpected,
    example: 'development-key-of-mine',
    secret: true,
  }),
  ...intakeLimitVariables,
  ...callerVariables,
  ...inboxVariables,
  SESSION_SECRET: variable(z.string().min(minSessionSecretChars), {
    about: 'signs the sessions of people in Bull Board',
    expected: `a text of at least ${minSessionSecretChars} characters`,
    example: 'the output of: openssl rand -base64 48',
    secret: true,
  }),
  LOG_LEVEL: variable(z.enum(logLevels).default('info'), {
    about: 'the least important log line that is written',
    expected: logLevels.join(', '),
    example: 'info',
  }),
  ...seeingVariables,
  ...serviceAddressVariables,
  BUDGET_SENDGRID_PER_SECOND: variable(wholeNumber(1, maxCallsPerSecond).default(100), {
    about: 'calls to SendGrid per second, all processes together',
    expected: `a whole number from 1 to ${maxCallsPerSecond}`,
    example: '100',
  }),
  BUDGET_TWILIO_PER_SECOND: variable(wholeNumber(1, maxCallsPerSecond).default(20), {
    about: 'calls to Twilio per second, all processes together',
    expected: `a whole number from 1 to ${maxCallsPerSecond}`,
    example: '20',
  }),
  BUDGET_FCM_PER_SECOND: variable(wholeNumber(1, maxCallsPerSecond).default(200), {
    about: 'calls to FCM per second, all processes together',
    expected: `a whole number from 1 to ${maxCallsPerSecond}`,
    example: '200',
  }),
  PROVIDER_TIMEOUT_MS: variable(wholeNumber(minProviderTimeoutMs, maxProviderTimeoutMs).default(15_000), {
    about: 'one provider call may last this long',
    expected: `a whole number from ${minProviderTimeoutMs} to ${maxProviderTimeoutMs}`,
    example: '15000',
  }),
  SHUTDOWN_DEADLINE_MS: variable(
    wholeNumber(minProviderTimeoutMs + shutdownMarginMs, maxShutdownDeadlineMs).default(25_000),
    {
      about: `a stopping process has this long to finish; at least PROVIDER_TIMEOUT_MS + ${shutdownMarginMs}`,
      expected: `a whole number from ${minProviderTimeoutMs + shutdownMarginMs} to ${maxShutdownDeadlineMs}`,
      example: '25000',
    },
  ),
})

/** The parsed environment. */
export type Environment = z.output<typeof environment>

/** The name of a variable we read. */
export type VariableName = keyof Environment
