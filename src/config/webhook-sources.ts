import { z } from 'zod'
import { type HbnbSource, hbnbSources } from '../domain/events/hbnb-events.ts'
import { listOf, variable } from './values.ts'

const minSecretChars = 16
const secretPrefix = 'whsec_'
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/

const secrets = listOf(
  z
    .string()
    .min(minSecretChars)
    .refine(text => !text.startsWith(secretPrefix) || base64.test(text.slice(secretPrefix.length))),
)
const secretsExpected = `one or more comma separated texts of at least ${minSecretChars} characters each; what follows ${secretPrefix} is base64`
const ofOne = (source: HbnbSource) =>
  variable(secrets.optional(), {
    about: `signs the events of POST /webhooks/${source} instead of WEBHOOK_SECRET`,
    expected: secretsExpected,
    example: 'whsec_b2YtdGhlLXNlcnZpY2UtdGhhdC10ZWxscy11cw==',
    secret: true,
  })

/** Who signs what comes in by /webhooks. */
export const webhookVariables = {
  WEBHOOK_SECRET: variable(secrets.optional(), {
    about: 'signs the platform’s webhooks; while it is rotated, newest first',
    expected: secretsExpected,
    example: 'new-secret-of-the-platform,old-secret-of-the-platform',
    secret: true,
  }),
  WEBHOOK_SECRET_BOOKING: ofOne('booking'),
  WEBHOOK_SECRET_PAYMENT: ofOne('payment'),
  WEBHOOK_SECRET_USER: ofOne('user'),
  WEBHOOK_LEGACY_SIGNATURE: variable(z.union([z.enum(['on', 'off']), listOf(z.enum(hbnbSources))]).default('on'), {
    about: 'where X-Webhook-Signature is accepted beside Standard Webhooks (weaker: no id, no timestamp)',
    expected: 'on, off, or a comma separated list of booking, payment and user',
    example: 'off',
  }),
  STRIPE_WEBHOOK_SECRET: variable(listOf(z.string().min(minSecretChars)).optional(), {
    about: 'signs the events of POST /webhooks/stripe, one per endpoint; while it is rotated, newest first',
    expected: 'one or more comma separated signing secrets of webhook endpoints at Stripe',
    example: 'whsec_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
    secret: true,
  }),
}

type Webhooks = z.output<z.ZodObject<typeof webhookVariables>>

/** The same as settings. Secrets are newest first; where there are none, no signature is good. */
export function webhookSettings(env: Webhooks) {
  const legacy = env.WEBHOOK_LEGACY_SIGNATURE
  const source = (name: HbnbSource, own: readonly string[] | undefined) => ({
    secrets: own ?? env.WEBHOOK_SECRET ?? [],
    /** Whether the guide's X-Webhook-Signature is good enough here. */
    legacySignature: Array.isArray(legacy) ? legacy.includes(name) : legacy === 'on',
  })
  return {
    booking: source('booking', env.WEBHOOK_SECRET_BOOKING),
    payment: source('payment', env.WEBHOOK_SECRET_PAYMENT),
    user: source('user', env.WEBHOOK_SECRET_USER),
    stripe: { secrets: env.STRIPE_WEBHOOK_SECRET ?? [] },
  } satisfies Record<HbnbSource | 'stripe', { readonly secrets: readonly string[] }>
}

/** Whether every source has secrets of its own, so that none is needed for all. */
export function everySourceSigned(env: Partial<Webhooks>): boolean {
  return [env.WEBHOOK_SECRET_BOOKING, env.WEBHOOK_SECRET_PAYMENT, env.WEBHOOK_SECRET_USER].every(
    own => own !== undefined,
  )
}
