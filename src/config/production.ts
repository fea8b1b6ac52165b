import { developmentSecrets } from './defaults.ts'
import { domains, variablesOf } from './domains.ts'
import { type Fault, faultOf } from './faults.ts'
import type { Environment } from './schema.ts'
import { isLoopback } from './values.ts'
import { everySourceSigned } from './webhook-sources.ts'

const knownSecrets: ReadonlySet<string> = new Set(Object.values(developmentSecrets))
const secretVariables = [
  'WEBHOOK_SECRET',
  'WEBHOOK_SECRET_BOOKING',
  'WEBHOOK_SECRET_PAYMENT',
  'WEBHOOK_SECRET_USER',
  'STRIPE_WEBHOOK_SECRET',
  'SESSION_SECRET',
  'UNSUBSCRIBE_SECRET',
  'SENDGRID_WEBHOOK_PUBLIC_KEY',
] as const
const noSandbox = { expected: 'nothing in production: it has no sandbox', example: null }
const vendorBases = ['SENDGRID_API_BASE', 'TWILIO_API_BASE', 'UPSTREAM_API_URL'] as const

/** Everything production refuses beyond the schema: known secrets, sandbox addresses, gaps. Takes what did parse. */
export function productionFaults(env: Partial<Environment>): Fault[] {
  const faults: Fault[] = []

  const absent = new Set(
    (env.DOMAINS ?? domains).flatMap(domain => variablesOf.get(domain) ?? []).filter(name => env[name] === undefined),
  )
  if (everySourceSigned(env)) absent.delete('WEBHOOK_SECRET')
  if (env.QUEUE_URL === undefined) absent.add('QUEUE_URL')
  for (const name of absent) faults.push(faultOf(name, undefined))

  for (const name of secretVariables) {
    if ([env[name] ?? []].flat().some(secret => knownSecrets.has(secret))) {
      faults.push(
        faultOf(name, 'the development default', { expected: 'a value of your own, not the development default' }),
      )
    }
  }
  // It takes any password and shows what it was sent: with real guests in the database, nobody else may reach it.
  if (env.SANDBOX_URL !== undefined && env.SANDBOX_URL !== 'none' && !isLoopback(env.SANDBOX_URL)) {
    faults.push(
      faultOf('SANDBOX_URL', env.SANDBOX_URL, { expected: 'none, or a sandbox on this machine for test keys' }),
    )
  }
  for (const name of vendorBases) {
    const base = env[name]
    if (base !== undefined && (!base.startsWith('https:') || isLoopback(base))) {
      faults.push(faultOf(name, base, { expected: 'an https:// URL of the provider in production, not a sandbox' }))
    }
  }
  if (env.FCM_API_BASE !== undefined) {
    faults.push(faultOf('FCM_API_BASE', env.FCM_API_BASE, noSandbox))
  }
  for (const name of ['PUBLIC_URL', 'SITE_URL'] as const) {
    const url = env[name]
    if (url !== undefined && !url.startsWith('https:')) {
      faults.push(faultOf(name, url, { expected: 'an https:// URL in production' }))
    }
  }
  if (env.API_KEYS_BOOTSTRAP !== undefined) {
    faults.push(
      faultOf('API_KEYS_BOOTSTRAP', 'keys', {
        expected: 'nothing in production: keys are made by the CLI',
        example: null,
      }),
    )
  }
  return faults
}
