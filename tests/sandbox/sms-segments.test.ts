import { expect, it } from 'vitest'
import { smsSegments } from '../../src/sandbox/sms-segments.ts'

it.each([
  ['', 'GSM-7', 0, 1],
  ['a'.repeat(160), 'GSM-7', 160, 1],
  ['a'.repeat(161), 'GSM-7', 161, 2],
  ['a'.repeat(306), 'GSM-7', 306, 2],
  ['a'.repeat(307), 'GSM-7', 307, 3],
  ['éèàùÇ', 'GSM-7', 5, 1],
  ['10 €', 'GSM-7', 5, 1],
  ['€'.repeat(80), 'GSM-7', 160, 1],
  // 153 is odd: the 77th euro sign does not fit the first segment by half.
  ['€'.repeat(153), 'GSM-7', 306, 3],
  ['ê', 'UCS-2', 1, 1],
  ['ç', 'UCS-2', 1, 1],
  ['ê'.repeat(70), 'UCS-2', 70, 1],
  ['ê'.repeat(71), 'UCS-2', 71, 2],
  ['ê'.repeat(134), 'UCS-2', 134, 2],
  ['ê'.repeat(135), 'UCS-2', 135, 3],
  ['😀'.repeat(35), 'UCS-2', 70, 1],
  ['😀'.repeat(67), 'UCS-2', 134, 3],
  [`ê${'a'.repeat(150)}`, 'UCS-2', 151, 3],
] as const)('%s', (text, encoding, units, segments) => {
  expect(smsSegments(text)).toEqual({ encoding, units, segments })
})
