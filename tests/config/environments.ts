import { generateKeyPairSync } from 'node:crypto'
import { ConfigurationFaults, type Fault } from '../../src/config/faults.ts'
import { loadConfig } from '../../src/config/load.ts'

const keys = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })

/** A production environment without a fault, to break one thing of. */
export const soundProduction = {
  NODE_ENV: 'production',
  DATABASE_URL: 'postgres://hbnb:hunter2hunter2@db.internal/hbnb',
  QUEUE_URL: 'redis://:hunter2hunter2@redis.internal:6379',
  PUBLIC_URL: 'https://jobs.hbnb.example',
  SESSION_SECRET: 'q8GmJ2vX0sYw3Zb7Qk1Lr5Nt9Hc4Pd6F',
  WEBHOOK_SECRET: 'new-secret-of-the-platform,old-secret-of-the-platform',
  UNSUBSCRIBE_SECRET: 'Zr4Tn8Wb1Kq6Xs3Jd9Vm2Hf7Lc5Gp0Yt',
  SENDGRID_API_KEY: 'SG.a-key-of-ours',
  SENDGRID_WEBHOOK_PUBLIC_KEY: keys.publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
  TWILIO_SID: `AC${'1'.repeat(32)}`,
  TWILIO_AUTH_TOKEN: 'a-token-of-ours',
  TWILIO_PHONE: 'HBNB',
  FCM_SERVICE_ACCOUNT: JSON.stringify({
    project_id: 'hbnb-mobile',
    client_email: 'push@hbnb-mobile.example',
    private_key: '-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n',
  }),
} as const

/** The faults of an environment; empty when it has none. */
export function faultsIn(env: Readonly<Record<string, string | undefined>>): readonly Fault[] {
  try {
    loadConfig(env)
    return []
  } catch (error) {
    if (error instanceof ConfigurationFaults) return error.faults
    throw error
  }
}
