import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { z } from 'zod'
import { locales } from '../domain/locale.ts'
import { categories, isOptional } from '../domain/notifications/categories.ts'

const cipher = 'aes-256-gcm'
const keyBytes = 32
const nonceBytes = 12
const tagBytes = 16
const hashBytes = 32
/** Keys of other purposes made of the same secret, and tokens of another form, do not open these. */
const purpose = 'hbnb-jobs unsubscribe 1'

const form = z.object({
  addressSha256: z.string().regex(/^[0-9a-f]{64}$/),
  locale: z.enum(locales),
  category: z.string().refine(isCategory).refine(isOptional),
})

/** What a link to unsubscribe is about: mail of a category to an address, and the language its reader was written to in. */
export type Subscription = z.output<typeof form>

/** Makes and opens the tokens in links to unsubscribe. */
export interface UnsubscribeTokens {
  readonly seal: (subscription: Subscription) => string
  /** Null for whatever we have not sealed ourselves. */
  readonly open: (token: string) => Subscription | null
}

/**
 * Tokens that hold all they say, so that a link works as long as its mail exists: after retention, erasure and in mails to
 * addresses of nobody we know. They are encrypted as well as signed, because the hash of an address tells who it is to
 * anybody who can guess the address. The first secret seals, every one opens. Nonces are random: enough for 2^32 mails
 * under one secret (NIST SP 800-38D, 8.3).
 */
export function unsubscribeTokens(secrets: readonly string[]): UnsubscribeTokens {
  const keys = secrets.map(secret => Buffer.from(hkdfSync('sha256', secret, '', purpose, keyBytes)))
  const [newest] = keys
  if (newest === undefined) throw new Error('a secret is needed to seal tokens')
  return {
    seal({ addressSha256, locale, category }) {
      const nonce = randomBytes(nonceBytes)
      const sealing = createCipheriv(cipher, newest, nonce)
      const said = Buffer.concat([Buffer.from(addressSha256, 'hex'), Buffer.from(`${locale} ${category}`)])
      const sealed = Buffer.concat([sealing.update(said), sealing.final()])
      return Buffer.concat([nonce, sealing.getAuthTag(), sealed]).toString('base64url')
    },
    open(token) {
      const bytes = Buffer.from(token, 'base64url')
      // Decoding passes over what it does not know, so that other spellings would open too.
      if (bytes.length <= nonceBytes + tagBytes || bytes.toString('base64url') !== token) return null
      for (const key of keys) {
        const said = unseal(bytes, key)
        if (said !== null) return read(said)
      }
      return null
    },
  }
}

function unseal(bytes: Buffer, key: Buffer): Buffer | null {
  const opening = createDecipheriv(cipher, key, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes })
  opening.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes))
  try {
    return Buffer.concat([opening.update(bytes.subarray(nonceBytes + tagBytes)), opening.final()])
  } catch {
    return null // Sealed with another key, or not at all.
  }
}

function read(said: Buffer): Subscription | null {
  const [locale, category] = said.toString('utf8', hashBytes).split(' ')
  const { data } = form.safeParse({ addressSha256: said.toString('hex', 0, hashBytes), locale, category })
  return data ?? null
}

function isCategory(name: string): name is keyof typeof categories {
  return Object.hasOwn(categories, name)
}
