import { createHmac } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import { afterEach, expect, test, vi } from 'vitest'
import { Problem } from '../../src/intake/http/problem.ts'
import { hbnbVerifier } from '../../src/intake/webhooks/verify-hbnb.ts'

afterEach(() => void vi.useRealTimers())

// What the libraries of Standard Webhooks are tested with (libraries/*/test of standard-webhooks/standard-webhooks).
const published = {
  secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  body: Buffer.from('{"test": 2432232314}'),
  atSeconds: 1_614_265_330,
  headers: {
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  },
}
const strange = 'v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc='
const good = published.headers['webhook-signature']

type Headers = Readonly<Record<string, string>>

/** What becomes of the published body with some headers, so many seconds after it was signed. */
function verified(headers: Headers, { body = published.body, afterSeconds = 0, secrets = [published.secret] } = {}) {
  vi.useFakeTimers({ toFake: ['Date'], now: (published.atSeconds + afterSeconds) * 1_000 })
  const verify = hbnbVerifier({ secrets, legacySignature: true })
  try {
    return verify(body, headers)
  } catch (error) {
    return error instanceof Problem ? error.code : error
  }
}
const withSignature = (signature: string): Headers => ({ ...published.headers, 'webhook-signature': signature })
const standard = { scheme: 'standard', eventId: 'msg_p5jXN8AQM9LWM0D4loKWxJek' }

test.each([
  ['alone', good],
  ['among others, as the libraries try it', `${strange} ${strange.replace('v1', 'v2')} ${good} ${strange}`],
  ['beside an asymmetric one', `v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZ== ${good}`],
])('the published signature is good, %s', (_, signature) => {
  expect(verified(withSignature(signature))).toEqual(standard)
})

test('any secret of the list will do, while it is rotated', () => {
  const secrets = ['whsec_b2Ytc29tZWJvZHktZWxzZQ==', published.secret]
  expect(verified(published.headers, { secrets })).toEqual(standard)
  expect(verified(published.headers, { secrets: secrets.slice(0, 1) })).toBe('invalid-signature')
  expect(verified(published.headers, { secrets: [] })).toBe('invalid-signature')
})

test.each([
  'whsec_bmV3LXNlY3JldC1vZi10aGUtcGxhdGZvcm0=',
  'whsec_bmV3LXNlY3JldC1vZi10aGUtcGxhdGZvcm0',
  'of-plain-letters-ü',
])('what the library signs with %s is good', secret => {
  const webhook = secret.startsWith('whsec_')
    ? new Webhook(Buffer.from(secret.slice(6), 'base64'), { format: 'raw' })
    : new Webhook(Buffer.from(secret), { format: 'raw' })
  const at = new Date(published.atSeconds * 1_000)
  const text = '{"guest":"Zoë 😀"}'
  const signature = webhook.sign('msg_p5jXN8AQM9LWM0D4loKWxJek', at, text)
  expect(verified(withSignature(signature), { secrets: [secret], body: Buffer.from(text) })).toEqual(standard)
})

test.each([
  ['empty', ''],
  ['a version alone', 'v1,'],
  ['without its version', good.slice(3)],
  ['of another version', good.replace('v1', 'v2')],
  ['cut short', good.slice(0, 8)],
  ['one byte short', `v1,${Buffer.alloc(31).toString('base64')}`],
  ['one byte long', `${good.slice(0, -1)}AA=`],
  ['in hex', `v1,${Buffer.from(good.slice(3), 'base64').toString('hex')}`],
  ['in the alphabet of addresses', good.replaceAll('+', '-').replaceAll('/', '_')],
  ['without its padding', good.replace('=', '')],
  ['joined by a comma', `${strange},${good}`],
  ['of somebody else', strange],
])('a signature that is %s is refused', (_, signature) => {
  expect(verified(withSignature(signature))).toBe('invalid-signature')
})

test.each(['webhook-id', 'webhook-timestamp', 'webhook-signature'] as const)(
  '%s must be there, and not empty',
  name => {
    const { [name]: _, ...others } = published.headers
    expect(verified(others)).toBe('invalid-signature')
    expect(verified({ ...others, [name]: '' })).toBe('invalid-signature')
  },
)

test('one byte changed, anywhere in the body or the signature, is one too many', () => {
  for (let at = 0; at < published.body.length; at += 1) {
    const body = Buffer.from(published.body)
    body[at] = (body[at] ?? 0) ^ 1
    expect(verified(published.headers, { body }), `byte ${at} of the body`).toBe('invalid-signature')
  }
  const bytes = Buffer.from(good.slice(3), 'base64')
  for (let at = 0; at < bytes.length; at += 1) {
    const changed = Buffer.from(bytes)
    changed[at] = (changed[at] ?? 0) ^ 1
    const signature = `v1,${changed.toString('base64')}`
    expect(verified(withSignature(signature)), `byte ${at} of the signature`).toBe('invalid-signature')
  }
})

test.each([
  'now',
  '1614265330.0',
  '-1614265330',
  '+1614265330',
  '1614265330 ',
  '0x60379a32',
  '1e9',
  '9'.repeat(13),
  '²',
])('the timestamp %s is no number', timestamp => {
  expect(verified({ ...published.headers, 'webhook-timestamp': timestamp })).toBe('invalid-signature')
})

test.each([
  [300, standard],
  [-300, standard],
  [301, 'stale-timestamp'],
  [-301, 'stale-timestamp'],
  [1e9, 'stale-timestamp'],
  [-1e9, 'stale-timestamp'],
])('%i s after it was signed', (afterSeconds, outcome) => {
  expect(verified(published.headers, { afterSeconds })).toEqual(outcome)
})

test('the time is signed too', () => {
  expect(verified({ ...published.headers, 'webhook-timestamp': '1614265331' })).toBe('invalid-signature')
})

const hexOf = (body: Buffer, secret = published.secret) => createHmac('sha256', secret).update(body).digest('hex')

test('the guide’s signature is keyed with the whole secret, as the platform has it', () => {
  expect(verified({ 'x-webhook-signature': hexOf(published.body) })).toEqual({ scheme: 'legacy', eventId: null })
  expect(verified({ 'x-webhook-signature': hexOf(published.body, published.secret.slice(6)) })).toBe(
    'invalid-signature',
  )
})

test('a request with any header of Standard Webhooks is judged by them alone', () => {
  const both = { ...withSignature(strange), 'x-webhook-signature': hexOf(published.body) }
  expect(verified(both)).toBe('invalid-signature')
  expect(verified({ 'webhook-id': 'x', 'x-webhook-signature': hexOf(published.body) })).toBe('invalid-signature')
})
