import { DEVELOPMENT_EVENT_PUBLIC_KEY } from '../sandbox/development-keys.ts'

/** Secrets everybody can read here: fine on a developer's machine, refused in production. */
export const developmentSecrets = {
  WEBHOOK_SECRET: 'whsec_aGJuYi1kZXZlbG9wbWVudC13ZWJob29rLXNlY3JldA==',
  STRIPE_WEBHOOK_SECRET: 'whsec_hbnb-development-stripe-endpoint',
  SESSION_SECRET: 'hbnb-development-session-secret-not-for-production',
  UNSUBSCRIBE_SECRET: 'hbnb-development-unsubscribe-secret-not-for-production',
  SENDGRID_WEBHOOK_PUBLIC_KEY: DEVELOPMENT_EVENT_PUBLIC_KEY,
} as const

const developmentPort = 4_000

/** What an unset variable means outside production, so that a fresh clone runs without any settings. */
export function developmentDefaults(given: { readonly PORT?: string | undefined }) {
  // A faulty port is reported once, for PORT itself.
  const port = URL.canParse(`http://127.0.0.1:${given.PORT}`) ? given.PORT : developmentPort
  return {
    ...developmentSecrets,
    DATABASE_URL: 'postgres://hbnb@127.0.0.1:5440/hbnb',
    HOST: '127.0.0.1',
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    SANDBOX_URL: 'http://127.0.0.1:4010',
    // A name that is nobody's (RFC 2606): links are seen, and lead nowhere.
    SITE_URL: 'https://hbnb.example',
  }
}

/** What an unset variable means in production. Everything else that is required has to be said. */
export const productionDefaults = { HOST: '0.0.0.0', SANDBOX_URL: 'none' } as const
