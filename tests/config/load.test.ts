import { describe, expect, test } from 'vitest'
import { developmentSecrets } from '../../src/config/defaults.ts'
import { type Config, loadConfig } from '../../src/config/load.ts'
import { DEVELOPMENT_EVENT_PUBLIC_KEY } from '../../src/sandbox/development-keys.ts'
import { soundProduction } from './environments.ts'

const pick = (read: (config: Config) => unknown, env: Record<string, string> = {}) => read(loadConfig(env))

const fromBookings = { from: 'bookings@hbnb.com' }

describe('an empty environment is a development environment', () => {
  test.each<[string, (config: Config) => unknown, unknown]>([
    ['production', c => c.production, false],
    ['database.url', c => c.database.url, 'postgres://hbnb@127.0.0.1:5440/hbnb'],
    ['database.directUrl', c => c.database.directUrl, 'postgres://hbnb@127.0.0.1:5440/hbnb'],
    ['database.poolMax', c => c.database.poolMax, 6],
    ['queue', c => c.queue, { url: 'postgres://hbnb@127.0.0.1:5440/hbnb', kind: 'postgres', prefix: 'hbnb' }],
    ['domains', c => c.domains, ['email', 'notifications', 'push', 'sms', 'webhooks']],
    ['http', c => c.http, { host: '127.0.0.1', port: 4000, publicUrl: 'http://127.0.0.1:4000', trustProxy: false }],
    ['metrics', c => c.metrics, { workerPort: null, relayPort: null }],
    ['sandboxUrl', c => c.sandboxUrl, 'http://127.0.0.1:4010'],
    ['webhooks', c => c.webhooks.booking, { secrets: [developmentSecrets.WEBHOOK_SECRET], legacySignature: true }],
    [
      'mail',
      c => c.mail,
      {
        senders: { transactional: fromBookings, service: fromBookings, marketing: fromBookings },
        unsubscribeSecrets: [developmentSecrets.UNSUBSCRIBE_SECRET],
        templates: {},
        eventPublicKey: DEVELOPMENT_EVENT_PUBLIC_KEY,
      },
    ],
    ['sendgrid', c => c.sendgrid, { apiKey: 'sandbox', baseUrl: 'http://127.0.0.1:4010/sendgrid' }],
    [
      'twilio',
      c => c.twilio,
      {
        accountSid: `AC${'0'.repeat(32)}`,
        authToken: 'sandbox',
        fromPhone: 'HBNB',
        baseUrl: 'http://127.0.0.1:4010/twilio',
      },
    ],
    ['fcm', c => c.fcm, { projectId: 'hbnb-sandbox', sandboxUrl: 'http://127.0.0.1:4010' }],
    ['bootstrapApiKeys', c => c.bootstrapApiKeys, []],
    ['session', c => c.session, { secret: developmentSecrets.SESSION_SECRET }],
    [
      'limits',
      c => c.limits,
      { providerTimeoutMs: 15_000, shutdownDeadlineMs: 25_000, apiKeyRequestsPerMinute: 60_000 },
    ],
    ['log', c => c.log, { level: 'info' }],
  ])('%s', (_name, read, value) => {
    expect(pick(read)).toEqual(value)
  })
})

describe('a variable becomes a setting', () => {
  test.each<[Record<string, string>, (config: Config) => unknown, unknown]>([
    [{ NODE_ENV: 'test' }, c => c.production, false],
    [{ DATABASE_URL: 'postgresql://h/d' }, c => c.queue.url, 'postgresql://h/d'],
    [{ DATABASE_DIRECT_URL: 'postgres://direct/d' }, c => c.database.directUrl, 'postgres://direct/d'],
    [{ DATABASE_POOL_MAX: '40' }, c => c.database.poolMax, 40],
    [{ QUEUE_URL: 'redis://h:6379' }, c => c.queue, { url: 'redis://h:6379', kind: 'redis', prefix: 'hbnb' }],
    [{ QUEUE_URL: 'rediss://h:6379' }, c => c.queue.kind, 'redis'],
    [{ QUEUE_URL: 'postgres://h/q' }, c => c.queue.kind, 'postgres'],
    [{ QUEUE_PREFIX: 'staging' }, c => c.queue.prefix, 'staging'],
    [{ DOMAINS: ' email, sms,,email ' }, c => c.domains, ['email', 'sms']],
    [
      { PORT: '5001' },
      c => c.http,
      { host: '127.0.0.1', port: 5001, publicUrl: 'http://127.0.0.1:5001', trustProxy: false },
    ],
    [{ TRUST_PROXY: '1' }, c => c.http.trustProxy, 1],
    [{ TRUST_PROXY: 'none' }, c => c.http.trustProxy, false],
    [{ TRUST_PROXY: 'loopback, 10.0.0.0/8,::1' }, c => c.http.trustProxy, ['loopback', '10.0.0.0/8', '::1']],
    [{ API_KEY_REQUESTS_PER_MINUTE: '600' }, c => c.limits.apiKeyRequestsPerMinute, 600],
    [{ HOST: '::1', PUBLIC_URL: 'http://jobs.test/base/' }, c => c.http.publicUrl, 'http://jobs.test/base'],
    [{ WORKER_METRICS_PORT: '9401', RELAY_METRICS_PORT: '0' }, c => c.metrics, { workerPort: 9401, relayPort: 0 }],
    [
      { WEBHOOK_SECRET: 'a-new-secret-1234, an-old-secret-1234' },
      c => c.webhooks.payment.secrets,
      ['a-new-secret-1234', 'an-old-secret-1234'],
    ],
    [
      { WEBHOOK_SECRET: 'the-secret-of-all', WEBHOOK_SECRET_USER: 'of-users-new-1234,of-users-old-1234' },
      c => [c.webhooks.booking.secrets, c.webhooks.payment.secrets, c.webhooks.user.secrets],
      [['the-secret-of-all'], ['the-secret-of-all'], ['of-users-new-1234', 'of-users-old-1234']],
    ],
    [{ WEBHOOK_LEGACY_SIGNATURE: 'off' }, c => c.webhooks.user.legacySignature, false],
    [
      { WEBHOOK_LEGACY_SIGNATURE: 'payment, booking' },
      c => [c.webhooks.booking, c.webhooks.payment, c.webhooks.user].map(source => source.legacySignature),
      [true, true, false],
    ],
    [
      { STRIPE_WEBHOOK_SECRET: 'whsec_new_of_stripe,whsec_old_of_stripe' },
      c => c.webhooks.stripe.secrets,
      ['whsec_new_of_stripe', 'whsec_old_of_stripe'],
    ],
    [{ SENDGRID_API_KEY: 'SG.k' }, c => c.sendgrid, { apiKey: 'SG.k', baseUrl: 'https://api.sendgrid.com' }],
    [
      { SENDGRID_API_KEY: 'SG.k', SENDGRID_API_BASE: 'https://eu.test/' },
      c => c.sendgrid,
      { apiKey: 'SG.k', baseUrl: 'https://eu.test' },
    ],
    [
      { FROM_EMAIL: 'a@b.example', REPLY_TO_EMAIL: 'c@d.example' },
      c => c.mail.senders.marketing,
      { from: 'a@b.example', replyTo: 'c@d.example' },
    ],
    [
      { REPLY_TO_EMAIL: 'c@d.example', FROM_EMAIL_SERVICE: 'e@f.example', REPLY_TO_EMAIL_SERVICE: 'g@h.example' },
      c => c.mail.senders,
      {
        transactional: { from: 'bookings@hbnb.com', replyTo: 'c@d.example' },
        service: { from: 'e@f.example', replyTo: 'g@h.example' },
        marketing: { from: 'bookings@hbnb.com', replyTo: 'c@d.example' },
      },
    ],
    [
      { FROM_EMAIL_MARKETING: 'news@b.example', REPLY_TO_EMAIL_MARKETING: 'c@d.example' },
      c => c.mail.senders.marketing,
      { from: 'news@b.example', replyTo: 'c@d.example' },
    ],
    [
      { SENDGRID_TEMPLATES: `{"d-${'0'.repeat(32)}":["first_name"]}` },
      c => c.mail.templates,
      { [`d-${'0'.repeat(32)}`]: ['first_name'] },
    ],
    [{ TWILIO_PHONE: '+33612345678' }, c => 'fromPhone' in c.twilio && c.twilio.fromPhone, '+33612345678'],
    [
      { TWILIO_SID: soundProduction.TWILIO_SID, TWILIO_AUTH_TOKEN: 't', TWILIO_PHONE: '36111' },
      c => c.twilio,
      { accountSid: soundProduction.TWILIO_SID, authToken: 't', fromPhone: '36111', baseUrl: 'https://api.twilio.com' },
    ],
    [
      { FCM_SERVICE_ACCOUNT: soundProduction.FCM_SERVICE_ACCOUNT },
      c => 'serviceAccount' in c.fcm && [c.fcm.projectId, c.fcm.serviceAccount.clientEmail],
      ['hbnb-mobile', 'push@hbnb-mobile.example'],
    ],
    [{ FCM_PROJECT_ID: 'other-project' }, c => 'projectId' in c.fcm && c.fcm.projectId, 'other-project'],
    [
      { FCM_API_BASE: 'http://127.0.0.1:9/' },
      c => c.fcm,
      { projectId: 'hbnb-sandbox', sandboxUrl: 'http://127.0.0.1:9' },
    ],
    [
      { SANDBOX_URL: 'http://localhost:7000/' },
      c => c.fcm,
      { projectId: 'hbnb-sandbox', sandboxUrl: 'http://localhost:7000' },
    ],
    [{}, c => c.upstream, null],
    [{}, c => c.siteUrl, 'https://hbnb.example'],
    [{ SITE_URL: 'https://hbnb.com/fr/' }, c => c.siteUrl, 'https://hbnb.com/fr'],
    [soundProduction, c => c.siteUrl, null],
    [
      { UPSTREAM_API_URL: 'https://api.hbnb.example/', UPSTREAM_API_KEY: 'k' },
      c => c.upstream,
      { baseUrl: 'https://api.hbnb.example', apiKey: 'k' },
    ],
    [{ API_KEYS_BOOTSTRAP: 'development-key-of-mine' }, c => c.bootstrapApiKeys, ['development-key-of-mine']],
    [{ LOG_LEVEL: 'debug' }, c => c.log.level, 'debug'],
    [
      { PROVIDER_TIMEOUT_MS: '2000', SHUTDOWN_DEADLINE_MS: '7000' },
      c => c.limits,
      { providerTimeoutMs: 2000, shutdownDeadlineMs: 7000, apiKeyRequestsPerMinute: 60_000 },
    ],
    [{ PORT: '', LOG_LEVEL: ' ' }, c => [c.http.port, c.log.level], [4000, 'info']],
    [{ NOT_OURS: 'x' }, c => c.log.level, 'info'],
  ])('%j', (env, read, value) => {
    expect(pick(read, env)).toEqual(value)
  })
})

test('production takes its settings from the environment alone', () => {
  const config = loadConfig(soundProduction)
  expect(config).toMatchObject({
    production: true,
    sandboxUrl: null,
    queue: { kind: 'redis' },
    http: { host: '0.0.0.0', port: 4000, publicUrl: 'https://jobs.hbnb.example' },
    webhooks: {
      booking: { secrets: ['new-secret-of-the-platform', 'old-secret-of-the-platform'] },
      stripe: { secrets: [] },
    },
    sendgrid: { apiKey: 'SG.a-key-of-ours', baseUrl: 'https://api.sendgrid.com' },
  })
})

test('the settings cannot be changed, at any depth', () => {
  const config = loadConfig({})
  expect(Object.isFrozen(config)).toBe(true)
  expect(() => Object.assign(config.http, { port: 1 })).toThrow(TypeError)
  expect(() => Array.prototype.push.call(config.webhooks.booking.secrets, 'x')).toThrow(TypeError)
})
