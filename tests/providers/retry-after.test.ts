import { expect, it } from 'vitest'
import { retryAfterMs } from '../../src/providers/retry-after.ts'

const now = new Date('2026-11-22T10:00:00Z')

it.each([
  [{ 'retry-after': '7' }, 7_000],
  [{ 'retry-after': 7 }, 7_000],
  [{ 'retry-after': 'Sun, 22 Nov 2026 10:00:30 GMT' }, 30_000],
  [{ 'retry-after': 'Sun, 22 Nov 2026 09:00:00 GMT' }, 0],
  [{ 'x-ratelimit-reset': '1795341612' }, 12_000],
  [{ 'x-ratelimit-reset': '1' }, 0],
  [{ 'retry-after': '7', 'x-ratelimit-reset': '1795341612' }, 7_000],
  [{ 'retry-after': 'soon' }, null],
  [{}, null],
  [undefined, null],
])('%j asks for %s ms', (headers, expected) => {
  expect(retryAfterMs(headers, now)).toBe(expected)
})
