import { expect, test } from 'vitest'
import { clip, oneLine } from '../../../src/domain/notifications/one-line.ts'

test.each([
  ['Chloé', 'Chloé'],
  ['  a\t\tb  ', 'a b'],
  ['Zoé\r\nBcc: all@example.org', 'Zoé Bcc: all@example.org'],
  ['a\u2028b\u0085c\u0000d', 'a b c d'],
  ['\u202egnp.exe\u2066', 'gnp.exe'],
  ['a\u00a0b', 'a\u00a0b'],
  ['👩\u200d👧', '👩\u200d👧'],
  ['\ud800x', '\ufffdx'],
  ['\r\n', ''],
])('%j becomes %j', (text, line) => {
  expect(oneLine(text)).toBe(line)
})

test.each([
  ['abcdef', 6, 'abcdef'],
  ['abcdefg', 6, 'abcde…'],
  ['abcd efg', 6, 'abcd…'],
  ['ab👩\u200d👧cd', 6, 'ab…'],
  ['e\u0301'.repeat(4), 6, 'e\u0301e\u0301…'],
])('%j in %i characters: %j', (text, maxChars, cut) => {
  expect(clip(text, maxChars)).toBe(cut)
  expect(clip(text, maxChars).length).toBeLessThanOrEqual(maxChars)
})
