import { expect, test } from 'vitest'
import { verifyTwilioCallback } from '../../src/providers/twilio/callbacks.ts'

// The worked example of Twilio's own documentation (https://www.twilio.com/docs/usage/webhooks/webhooks-security).
const url = 'https://example.com/myapp.php?foo=1&bar=2'
const fields = {
  CallSid: 'CA1234567890ABCDE',
  Caller: '+14158675310',
  Digits: '1234',
  From: '+14158675310',
  To: '+18005551212',
}
const signature = 'L/OH5YylLD5NRKLltdqwSvS0BnU='
const token = '12345'

test('what Twilio signed is taken', () => {
  expect(verifyTwilioCallback({ url, signature, fields }, token)).toBe(true)
})

test.each([
  ['no header', { url, signature: undefined, fields }, token],
  ['an empty header', { url, signature: '', fields }, token],
  ['two headers', { url, signature: [signature, signature], fields }, token],
  ['a garbled header', { url, signature: '%%%', fields }, token],
  ['another token', { url, signature, fields }, '12346'],
  ['another address', { url: url.replace('bar=2', 'bar=3'), signature, fields }, token],
  ['a field changed', { url, signature, fields: { ...fields, Digits: '1235' } }, token],
  ['a field more', { url, signature, fields: { ...fields, Extra: '' } }, token],
  ['a field twice', { url, signature, fields: { ...fields, Digits: ['1234', '1235'] } }, token],
  ['an address that is none', { url: 'nowhere', signature, fields }, token],
])('with %s it is refused', (_, request, by) => {
  expect(verifyTwilioCallback(request, by)).toBe(false)
})
