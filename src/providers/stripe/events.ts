/** Seconds a signed event may be old: a copy of it is worth nothing later. */
const TOLERANCE_SECONDS = 300

/**
 * Whether Stripe signed exactly these bytes with one of the secrets, within the last 300 s (docs:
 * https://docs.stripe.com/webhooks/signature). False for anything missing or malformed. An event comes again with the
 * same id: it must be taken once.
 */
export async function verifyStripeEvent(
  rawBody: Buffer,
  signature: string | readonly string[] | undefined,
  secrets: readonly string[],
): Promise<boolean> {
  if (typeof signature !== 'string' || signature === '') return false
  // Not before the first event that claims to be signed: loading it costs 120 ms and 36 MB.
  const { Stripe } = await import('stripe')
  return secrets.some(secret => {
    try {
      return Stripe.webhooks.signature?.verifyHeader(rawBody, signature, secret, TOLERANCE_SECONDS) ?? false
    } catch {
      return false
    }
  })
}
