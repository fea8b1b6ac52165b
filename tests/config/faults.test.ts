import { describe, expect, test } from 'vitest'
import { loadConfig } from '../../src/config/load.ts'
import { faultsIn } from './environments.ts'

describe('a bad value is one fault of that variable', () => {
  test.each([
    ['NODE_ENV', 'prod'],
    ['DATABASE_URL', 'mysql://h/d'],
    ['DATABASE_DIRECT_URL', 'h/d'],
    ['DATABASE_POOL_MAX', '1'],
    ['DATABASE_POOL_MAX', '201'],
    ['QUEUE_URL', 'http://h'],
    ['QUEUE_PREFIX', 'a:b'],
    ['DOMAINS', 'email,fax'],
    ['DOMAINS', ','],
    ['HOST', 'not a host'],
    ['PORT', '65536'],
    ['PORT', '4e3'],
    ['PORT', '-1'],
    ['PUBLIC_URL', 'jobs.hbnb.com'],
    ['PUBLIC_URL', 'https://user:pass@jobs.hbnb.com'],
    ['PUBLIC_URL', 'https://jobs.hbnb.com?a=b'],
    ['WORKER_METRICS_PORT', 'x'],
    ['RELAY_METRICS_PORT', '1.5'],
    ['SANDBOX_URL', 'ftp://127.0.0.1'],
    ['WEBHOOK_SECRET', 'long-enough-secret,short'],
    ['WEBHOOK_SECRET_PAYMENT', 'short'],
    ['WEBHOOK_SECRET_USER', 'whsec_this is no base64!'],
    ['WEBHOOK_LEGACY_SIGNATURE', 'true'],
    ['WEBHOOK_LEGACY_SIGNATURE', 'booking,stripe'],
    ['STRIPE_WEBHOOK_SECRET', 'whsec_short'],
    ['SENDGRID_API_BASE', 'api.eu.sendgrid.com'],
    ['SENDGRID_WEBHOOK_PUBLIC_KEY', 'not base64 at all'],
    ['FROM_EMAIL', 'bookings'],
    ['REPLY_TO_EMAIL', 'x@'],
    ['TWILIO_SID', 'AC1'],
    ['TWILIO_PHONE', '+0612345678'],
    ['TWILIO_API_BASE', 'x'],
    ['FCM_PROJECT_ID', 'HBNB'],
    ['FCM_SERVICE_ACCOUNT', '{'],
    ['FCM_SERVICE_ACCOUNT', '{"project_id":"p"}'],
    ['FCM_API_BASE', 'https://fcm.example'],
    ['API_KEYS_BOOTSTRAP', 'short'],
    ['SESSION_SECRET', 'thirty-one-characters-is-short!'],
    ['UNSUBSCRIBE_SECRET', 'thirty-one-characters-is-short!'],
    ['FROM_EMAIL_MARKETING', 'news'],
    ['SENDGRID_TEMPLATES', '{'],
    ['SENDGRID_TEMPLATES', '{"welcome":[]}'],
    ['SENDGRID_TEMPLATES', `{"d-${'0'.repeat(32)}":["first name"]}`],
    ['LOG_LEVEL', 'loud'],
    ['PROVIDER_TIMEOUT_MS', '999'],
    ['PROVIDER_TIMEOUT_MS', '60001'],
    ['SHUTDOWN_DEADLINE_MS', '5999'],
  ])('%s=%s', (variable, value) => {
    expect(faultsIn({ [variable]: value }).map(fault => fault.variable)).toEqual([variable])
  })

  test.each([
    [{ PROVIDER_TIMEOUT_MS: '20001' }, 'SHUTDOWN_DEADLINE_MS', '"25000"'],
    [{ PROVIDER_TIMEOUT_MS: '10000', SHUTDOWN_DEADLINE_MS: '14999' }, 'SHUTDOWN_DEADLINE_MS', '"14999"'],
    [{ TWILIO_SID: `AC${'1'.repeat(32)}` }, 'TWILIO_AUTH_TOKEN', 'nothing'],
    [{ TWILIO_AUTH_TOKEN: 't' }, 'TWILIO_SID', 'nothing'],
  ])('%j breaks a rule between variables', (env, variable, seen) => {
    expect(faultsIn(env)).toMatchObject([{ variable, seen }])
  })
})

test('three faults are reported together, with what is expected, an example and what was seen', () => {
  expect(() =>
    loadConfig({ PORT: 'http', LOG_LEVEL: 'loud', PROVIDER_TIMEOUT_MS: '21000' }),
  ).toThrowErrorMatchingInlineSnapshot(`
    [ConfigurationFaults: 3 fault(s) in the environment:
      PORT: expected a port number, 0 (any free port) to 65535, for example 4000; seen "http"
      LOG_LEVEL: expected trace, debug, info, warn, error, fatal, silent, for example info; seen "loud"
      SHUTDOWN_DEADLINE_MS: expected at least PROVIDER_TIMEOUT_MS + 5000, for example 26000; seen "25000"]
  `)
})

test('secrets are never in the message, other values are shortened and lose their passwords', () => {
  const secret = 'hunter2'
  const env = {
    DATABASE_URL: `mysql://hbnb:${secret}@db/hbnb`,
    WEBHOOK_SECRET: secret,
    SESSION_SECRET: secret,
    API_KEYS_BOOTSTRAP: secret,
    FCM_SERVICE_ACCOUNT: `{"private_key":"${secret}"}`,
    SANDBOX_URL: `http://user:${secret}@127.0.0.1`,
    LOG_LEVEL: 'x'.repeat(500),
  }
  const faults = faultsIn(env)
  expect(faults.map(fault => fault.variable).toSorted()).toEqual(Object.keys(env).toSorted())
  expect(JSON.stringify(faults)).not.toContain(secret)
  expect(faults.find(fault => fault.variable === 'SESSION_SECRET')?.seen).toBe('a secret')
  expect(faults.find(fault => fault.variable === 'LOG_LEVEL')?.seen.length).toBeLessThan(100)
})
