import { expect, test } from 'vitest'
import { type Subscription, unsubscribeTokens } from '../../src/unsubscribe/token.ts'

const secret = 'a-secret-of-at-least-thirty-two-characters'
const tokens = unsubscribeTokens([secret])
const subscription: Subscription = { addressSha256: 'ab'.repeat(32), locale: 'fr', category: 'review' }

test('a token says what was sealed in it, and can be a part of a path', () => {
  const token = tokens.seal(subscription)
  expect(tokens.open(token)).toEqual(subscription)
  expect(token).toMatch(/^[\w-]{80,120}$/)
})

test('a token shows nothing of the address, and no two are alike', () => {
  const token = tokens.seal(subscription)
  const bytes = Buffer.from(token, 'base64url')
  expect(bytes.toString('hex')).not.toContain('abab')
  expect(bytes.toString('latin1')).not.toContain('review')
  expect(tokens.seal(subscription)).not.toBe(token)
})

test('a token sealed before the secret was changed still opens', () => {
  const token = tokens.seal(subscription)
  const next = unsubscribeTokens(['another-secret-of-more-than-thirty-two', secret])
  expect(next.open(token)).toEqual(subscription)
  expect(tokens.open(next.seal(subscription))).toBeNull()
})

test('nothing else opens', () => {
  const token = tokens.seal(subscription)
  const bytes = Buffer.from(token, 'base64url')
  const flipped = [...bytes.keys()].map(at => {
    const other = Buffer.from(bytes)
    other[at] = (other[at] ?? 0) ^ 1
    return other.toString('base64url')
  })
  const others = ['', 'x', token.slice(0, -1), `${token}A`, `${token}=`, ` ${token}`, 'é'.repeat(90), ...flipped]
  for (const other of others) expect(tokens.open(other), other).toBeNull()
})

test('mail that is owed has no such token', () => {
  // @ts-expect-error -- Bookings are nothing to unsubscribe from.
  const token = tokens.seal({ ...subscription, category: 'booking' })
  expect(tokens.open(token)).toBeNull()
})
