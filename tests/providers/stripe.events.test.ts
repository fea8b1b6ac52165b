import { createHmac } from 'node:crypto'
import { Stripe } from 'stripe'
import { expect, test } from 'vitest'
import { verifyStripeEvent } from '../../src/providers/stripe/events.ts'

const secret = 'whsec_of_the_first_endpoint'
const other = 'whsec_of_another_endpoint'
const text = JSON.stringify({ id: 'evt_1', type: 'payment_intent.succeeded', note: 'Zoë' })
const body = Buffer.from(text)
const nowSeconds = () => Math.floor(Date.now() / 1_000)

/** As Stripe's own library signs in tests. */
const signed = (by = secret, timestamp = nowSeconds()) =>
  Stripe.webhooks.generateTestHeaderString({ payload: text, secret: by, timestamp })

/** As Stripe's documentation says, without its library. */
function signedByHand(timestamp = nowSeconds()): string {
  const v1 = createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest('hex')
  return `t=${timestamp},v1=${v1},v0=${'0'.repeat(64)}`
}

test.each([
  ['as Stripe’s library does', signed, [secret]],
  ['as its documentation says', signedByHand, [secret]],
  ['with the older of two secrets', signed, [other, secret]],
  ['299 s ago', () => signed(secret, nowSeconds() - 299), [secret]],
])('what was signed %s is taken', async (_, header, secrets) => {
  expect(await verifyStripeEvent(body, header(), secrets)).toBe(true)
})

test.each([
  ['no header', undefined, body, [secret]],
  ['an empty header', '', body, [secret]],
  ['two headers', [signed(), signed()], body, [secret]],
  ['no signature in it', `t=${nowSeconds()}`, body, [secret]],
  ['no time in it', signed().replace(/^t=\d+,/, ''), body, [secret]],
  ['a time that is no number', signed().replace(/^t=\d+/, 't=now'), body, [secret]],
  ['an old time', signed(secret, nowSeconds() - 301), body, [secret]],
  ['a moved time', signed().replace(/^t=(\d+)/, (_, t: string) => `t=${Number(t) + 1}`), body, [secret]],
  ['one byte changed', signed(), Buffer.from(text.replace('Zoë', 'Zoe')), [secret]],
  ['an empty body', signed(), Buffer.alloc(0), [secret]],
  ['another secret', signed(other), body, [secret]],
  ['no secret', signed(), body, []],
  ['a scheme of before', signed().replace('v1=', 'v0='), body, [secret]],
])('with %s it is refused', async (_, header, bytes, secrets) => {
  expect(await verifyStripeEvent(bytes, header, secrets)).toBe(false)
})
