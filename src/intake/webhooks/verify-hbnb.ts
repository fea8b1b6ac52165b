import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { Problem } from '../http/problem.ts'

/** Which scheme signed a webhook, and the sender's id of it; the guide's scheme has none. */
export type Verified =
  | { readonly scheme: 'standard'; readonly eventId: string }
  | { readonly scheme: 'legacy'; readonly eventId: null }

/** Throws invalid-signature or stale-timestamp; answers only for bytes that one of our secrets signed. */
export type VerifyHbnb = (body: Buffer, headers: IncomingHttpHeaders) => Verified

const toleranceSeconds = 300
const secretPrefix = 'whsec_'
const standardHeaders = ['webhook-id', 'webhook-timestamp', 'webhook-signature'] as const
/** No dot: it separates id, timestamp and body in what is signed, and must not be movable. */
const idForm = /^[A-Za-z0-9_:+/=@-]{1,200}$/
const timestampForm = /^\d{1,12}$/
const hexForm = /^[0-9a-f]{64}$/
/** Of Standard Webhooks' versions the symmetric one: 32 bytes in base64. */
const v1Form = /^v1,[A-Za-z0-9+/]{43}=$/

/**
 * The platform's two schemes, under any of `secrets`, so that they can be rotated.
 * Standard Webhooks (https://www.standardwebhooks.com, 300 s tolerance): the key is what follows `whsec_` in base64, and
 * of a secret without that prefix its UTF-8 bytes. The guide's `X-Webhook-Signature`: lower-case hex HMAC-SHA256 of the
 * body, keyed with the whole secret as UTF-8. A request with any header of the first is judged by the first alone.
 */
export function hbnbVerifier({
  secrets,
  legacySignature,
}: {
  readonly secrets: readonly string[]
  readonly legacySignature: boolean
}): VerifyHbnb {
  const keys = secrets.map(standardKey)
  const wholeKeys = secrets.map(secret => createSecretKey(secret, 'utf8'))
  return (body, headers) => {
    if (standardHeaders.some(name => headers[name] !== undefined)) return verifyStandard(keys, body, headers)
    if (!legacySignature) throw invalidSignature()
    return verifyLegacy(wholeKeys, body, headers['x-webhook-signature'])
  }
}

/** Key objects, not bytes: a key made anew for each event costs more than its signature. */
function standardKey(secret: string): KeyObject {
  return secret.startsWith(secretPrefix)
    ? createSecretKey(secret.slice(secretPrefix.length), 'base64')
    : createSecretKey(secret, 'utf8')
}

/** Not by the SDK, which decodes the body before it signs it: bytes that are no UTF-8 would pass for others. */
function verifyStandard(keys: readonly KeyObject[], body: Buffer, headers: IncomingHttpHeaders): Verified {
  const [eventId, timestamp, signature] = standardHeaders.map(name => headers[name])
  if (typeof eventId !== 'string' || !idForm.test(eventId)) {
    throw new Problem('invalid-signature', { detail: 'webhook-id must be 1 to 200 letters, digits and _ : + / = @ -' })
  }
  if (typeof timestamp !== 'string' || !timestampForm.test(timestamp)) throw invalidSignature()
  if (typeof signature !== 'string') throw invalidSignature()
  if (Math.abs(Date.now() / 1_000 - Number(timestamp)) > toleranceSeconds) {
    throw new Problem('stale-timestamp', { detail: `webhook-timestamp must be within ${toleranceSeconds} s of now` })
  }
  const given = signature.split(' ').filter(one => v1Form.test(one))
  const isGood = keys.some(key => {
    const mac = createHmac('sha256', key).update(`${eventId}.${timestamp}.`).update(body).digest('base64')
    return given.some(one => isSame(one, `v1,${mac}`))
  })
  if (!isGood) throw invalidSignature()
  return { scheme: 'standard', eventId }
}

function verifyLegacy(keys: readonly KeyObject[], body: Buffer, signature: string | string[] | undefined): Verified {
  if (typeof signature !== 'string' || !hexForm.test(signature)) throw invalidSignature()
  const isGood = keys.some(key => isSame(signature, createHmac('sha256', key).update(body).digest('hex')))
  if (!isGood) throw invalidSignature()
  return { scheme: 'legacy', eventId: null }
}

/** In constant time. Digests are compared as texts, which node makes in three quarters of the time of a Buffer. */
function isSame(given: string, expected: string): boolean {
  return timingSafeEqual(Buffer.from(given, 'latin1'), Buffer.from(expected, 'latin1'))
}

function invalidSignature(): Problem {
  return new Problem('invalid-signature')
}
