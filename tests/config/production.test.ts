import { describe, expect, test } from 'vitest'
import { absentVariable } from '../../src/config/absent.ts'
import { developmentSecrets } from '../../src/config/defaults.ts'
import { loadConfig } from '../../src/config/load.ts'
import { faultsIn, soundProduction } from './environments.ts'

const without = (...names: string[]) => ({
  ...soundProduction,
  ...Object.fromEntries(names.map(name => [name, undefined])),
})

const variablesAtFault = (env: object) => faultsIn({ ...soundProduction, ...env }).map(({ variable }) => variable)

test('a sound production environment has no fault', () => {
  expect(faultsIn(soundProduction)).toEqual([])
})

describe('production refuses', () => {
  test.each([
    ['DATABASE_URL'],
    ['QUEUE_URL'],
    ['PUBLIC_URL'],
    ['SESSION_SECRET'],
    ['UNSUBSCRIBE_SECRET'],
    ['WEBHOOK_SECRET'],
    ['SENDGRID_API_KEY'],
    ['SENDGRID_WEBHOOK_PUBLIC_KEY'],
    ['TWILIO_SID'],
    ['TWILIO_AUTH_TOKEN'],
    ['TWILIO_PHONE'],
    ['FCM_SERVICE_ACCOUNT'],
  ])('an unset %s', variable => {
    expect(faultsIn(without(variable))).toMatchObject([{ variable, seen: 'nothing' }])
  })

  test.each([
    ['WEBHOOK_SECRET', developmentSecrets.WEBHOOK_SECRET],
    ['WEBHOOK_SECRET', `new-secret-of-the-platform,${developmentSecrets.WEBHOOK_SECRET}`],
    ['WEBHOOK_SECRET_BOOKING', developmentSecrets.WEBHOOK_SECRET],
    ['STRIPE_WEBHOOK_SECRET', developmentSecrets.STRIPE_WEBHOOK_SECRET],
    ['SESSION_SECRET', developmentSecrets.SESSION_SECRET],
    ['UNSUBSCRIBE_SECRET', developmentSecrets.UNSUBSCRIBE_SECRET],
    ['SENDGRID_WEBHOOK_PUBLIC_KEY', developmentSecrets.SENDGRID_WEBHOOK_PUBLIC_KEY],
    ['SANDBOX_URL', 'https://sandbox.hbnb.example'],
    ['SENDGRID_API_BASE', 'http://api.eu.sendgrid.com'],
    ['SENDGRID_API_BASE', 'https://127.0.0.1:4010/sendgrid'],
    ['TWILIO_API_BASE', 'https://localhost'],
    ['TWILIO_API_BASE', 'https://[::1]:4010'],
    ['FCM_API_BASE', 'http://127.0.0.1:4010'],
    ['PUBLIC_URL', 'http://jobs.hbnb.example'],
    ['SITE_URL', 'http://hbnb.example'],
    ['API_KEYS_BOOTSTRAP', 'a-key-of-sufficient-length'],
  ])('%s=%s', (variable, value) => {
    expect(faultsIn({ ...soundProduction, [variable]: value }).map(fault => fault.variable)).toEqual([variable])
  })

  test('the platform’s API without TLS, and half of its settings', () => {
    const upstream = { UPSTREAM_API_URL: 'http://api.hbnb.example', UPSTREAM_API_KEY: 'a-key-of-ours' }
    expect(variablesAtFault(upstream)).toEqual(['UPSTREAM_API_URL'])
    expect(variablesAtFault({ UPSTREAM_API_KEY: 'a-key-of-ours' })).toEqual(['UPSTREAM_API_URL'])
    expect(variablesAtFault({ UPSTREAM_API_URL: 'https://api.hbnb.example' })).toEqual(['UPSTREAM_API_KEY'])
  })

  test('everything at once, when nothing was set', () => {
    const faults = faultsIn({ NODE_ENV: 'production' }).map(fault => fault.variable)
    const needed = Object.keys(soundProduction).filter(name => name !== 'NODE_ENV')
    expect(faults.toSorted()).toEqual(needed.toSorted())
  })
})

test('production may have a sandbox on its own machine, and only test keys use it', () => {
  const env = { ...without('TWILIO_SID', 'TWILIO_AUTH_TOKEN', 'TWILIO_PHONE'), DOMAINS: 'webhooks,notifications,email' }
  const config = loadConfig({ ...env, SANDBOX_URL: 'http://127.0.0.1:4010' })
  expect(config.sendgrid).toMatchObject({ baseUrl: 'https://api.sendgrid.com' })
  expect(config.twilio).toEqual({ missing: 'TWILIO_SID' })
  expect(config.sandboxProviders?.sendgrid).toEqual({
    apiKey: 'sandbox',
    baseUrl: 'http://127.0.0.1:4010/sendgrid',
  })
  expect(loadConfig(env).sandboxProviders).toBeNull()
})

test('production needs no secret of all sources where each has its own', () => {
  const own = { WEBHOOK_SECRET_BOOKING: 'secret-of-bookings', WEBHOOK_SECRET_PAYMENT: 'secret-of-payments' }
  expect(faultsIn({ ...without('WEBHOOK_SECRET'), ...own })).toMatchObject([{ variable: 'WEBHOOK_SECRET' }])
  expect(faultsIn({ ...without('WEBHOOK_SECRET'), ...own, WEBHOOK_SECRET_USER: 'secret-of-all-users' })).toEqual([])
})

test('production needs credentials only for the domains it serves', () => {
  const env = {
    ...without('TWILIO_SID', 'TWILIO_AUTH_TOKEN', 'TWILIO_PHONE', 'FCM_SERVICE_ACCOUNT'),
    DOMAINS: 'webhooks,notifications,email',
  }
  const config = loadConfig(env)
  expect(config.twilio).toEqual({ missing: 'TWILIO_SID' })
  expect(config.fcm).toEqual({ missing: 'FCM_SERVICE_ACCOUNT' })
})

describe('a domain that cannot be served names its variable', () => {
  test.each([
    [{}, 'sms', null],
    [{ DOMAINS: 'email' }, 'sms', 'DOMAINS'],
    [{ SANDBOX_URL: 'none' }, 'email', 'SENDGRID_API_KEY'],
    [{ SANDBOX_URL: 'none' }, 'sms', 'TWILIO_SID'],
    [{ SANDBOX_URL: 'none', TWILIO_SID: soundProduction.TWILIO_SID, TWILIO_AUTH_TOKEN: 't' }, 'sms', 'TWILIO_PHONE'],
    [{ SANDBOX_URL: 'none' }, 'push', 'FCM_SERVICE_ACCOUNT'],
    [{ SANDBOX_URL: 'none' }, 'notifications', null],
    [{ SANDBOX_URL: 'none' }, 'webhooks', null],
    [{ ...without('WEBHOOK_SECRET'), DOMAINS: 'email' }, 'webhooks', 'DOMAINS'],
  ] as const)('%j: %s', (env, domain, variable) => {
    expect(absentVariable(loadConfig(env), domain)).toBe(variable)
  })
})
