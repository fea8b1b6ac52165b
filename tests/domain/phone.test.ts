import { expect, test } from 'vitest'
import { toE164 } from '../../src/domain/phone.ts'

test.each([
  ['06 12 34 56 78', 'FR', { e164: '+33612345678', kind: 'mobile', country: 'FR' }],
  ['+33 (0)6.12.34.56.78', 'US', { e164: '+33612345678', kind: 'mobile', country: 'FR' }],
  ['0033 6 12 34 56 78', 'FR', { e164: '+33612345678', kind: 'mobile', country: 'FR' }],
  ['01 42 68 53 00', 'FR', { e164: '+33142685300', kind: 'fixed', country: 'FR' }],
  ['0692 12 34 56', 'RE', { e164: '+262692123456', kind: 'mobile', country: 'RE' }],
  // Guernsey shares its code, and pays other prices.
  ['07911 123456', 'GB', { e164: '+447911123456', kind: 'mobile', country: 'GG' }],
  ['07400 123456', 'GB', { e164: '+447400123456', kind: 'mobile', country: 'GB' }],
  ['(202) 555-0123', 'US', { e164: '+12025550123', kind: 'either', country: 'US' }],
  ['08 99 10 20 30', 'FR', { e164: '+33899102030', kind: 'other', country: 'FR' }],
  ['+447400123456', '', { e164: '+447400123456', kind: 'mobile', country: 'GB' }],
  ['+800 1234 5678', 'FR', { e164: '+80012345678', kind: 'other', country: null }],
  ['06 12 34 56 78', '', null],
  ['06 12 34 56 78', 'fr', null],
  ['06 12 34 56', 'FR', null],
  ['112', 'FR', null],
  ['+33 6 12 34 56 78 ext. 12', 'FR', null],
  ['call 06 12 34 56 78', 'FR', null],
  ['', 'FR', null],
  ['0'.repeat(10_000), 'FR', null],
])('%s in %s', (raw, country, phone) => {
  expect(toE164(raw, country)).toEqual(phone)
})
