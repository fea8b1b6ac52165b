import { execFileSync } from 'node:child_process'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startIntake, type TestIntake } from '../support/intake.ts'
import { legacyHeaders } from '../support/sign-webhook.ts'

// The function of the platform's integration guide, word for word. What it expects is what the platform sends.
const guide = `
import hmac
import hashlib

def verify_webhook_signature(request_data, signature, secret):
    """Vérifie la signature du webhook."""
    expected_signature = hmac.new(
        secret.encode('utf-8'),
        request_data,
        hashlib.sha256
    ).hexdigest()
    return hmac.compare_digest(expected_signature, signature)
`

const secret = 'whsec_c2VjcmV0LW9mLXRoZS1ndWlkZQ=='

function python(lines: string, body: string, ...args: string[]): string {
  const script = `import sys\n${guide}\nbody = sys.stdin.buffer.read()\n${lines}`
  return execFileSync('python3', ['-c', script, ...args], { input: body, encoding: 'utf8' }).trim()
}

/** The signature that the guide's function compares with, seen by comparing in its place. */
const signedByGuide = (body: string) =>
  python(
    `hmac.compare_digest = lambda expected, given: expected\nprint(verify_webhook_signature(body, '', sys.argv[1]))`,
    body,
    secret,
  )

const isGoodByGuide = (body: string, signature: string) =>
  python('print(verify_webhook_signature(body, sys.argv[1], sys.argv[2]))', body, signature, secret) === 'True'

let intake: TestIntake
beforeAll(async () => {
  intake = await startIntake({ WEBHOOK_SECRET: secret })
})
afterAll(() => intake.close())

const bodies = [
  '{"event":"booking.confirmed","booking_id":"42"}',
  '{"event": "booking.cancelled",\n  "booking_id": "42", "note": "Réservé à Besançon 😀"}',
  '{"event":"booking.created","booking_id":"42","note":"\\u00e9"}',
]

test.each(bodies)('what the guide’s function signs under python3 is taken: %s', async body => {
  const signature = signedByGuide(body)
  const answer = await intake.send('POST', '/webhooks/booking', body, { 'x-webhook-signature': signature })
  expect(answer).toMatchObject({ status: 200, json: { status: 'accepted' } })
})

test.each(bodies)('and what the tests sign is good to it: %s', body => {
  const signature = String(legacyHeaders(body, secret)['x-webhook-signature'])
  expect(isGoodByGuide(body, signature)).toBe(true)
  expect(isGoodByGuide(`${body} `, signature)).toBe(false)
})

test('its signature of one body is not good for another', async () => {
  const signature = signedByGuide('{"event":"booking.confirmed","booking_id":"1"}')
  const other = '{"event":"booking.confirmed","booking_id":"2"}'
  expect(await intake.send('POST', '/webhooks/booking', other, { 'x-webhook-signature': signature })).toMatchObject({
    status: 401,
    json: { type: '/problems/invalid-signature' },
  })
})
