import { expect, test } from 'vitest'
import { pause, pauseMs, retryAfterMsOf } from '../../src/client/pause.ts'

const nowMs = Date.parse('2026-11-22T10:00:00Z')

test.each([
  ['0', 0],
  [' 7 ', 7_000],
  ['Sun, 22 Nov 2026 10:00:30 GMT', 30_000],
  ['Sun, 22 Nov 2026 09:00:00 GMT', 0],
  ['soon', null],
  ['', null],
])('Retry-After: %s', (text, ms) => {
  expect(retryAfterMsOf(new Headers({ 'retry-after': text }), nowMs)).toBe(ms)
})

test('pauses grow to a ceiling and are never alike', () => {
  for (const [next, ceilingMs] of [
    [2, 100],
    [3, 200],
    [7, 3_200],
    [60, 5_000],
  ] as const) {
    const pauses = Array.from({ length: 200 }, () => pauseMs(next, null))
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(ceilingMs / 2)
    expect(Math.max(...pauses)).toBeLessThanOrEqual(ceilingMs)
    expect(new Set(pauses).size).toBeGreaterThan(100)
  }
})

test('what the service asks is the least', () => {
  const pauses = Array.from({ length: 200 }, () => pauseMs(2, 1_000))
  expect(Math.min(...pauses)).toBeGreaterThanOrEqual(1_000)
  expect(Math.max(...pauses)).toBeLessThanOrEqual(1_250)
})

test('a signal ends a pause with its reason', async () => {
  const controller = new AbortController()
  const waiting = pause(60_000, controller.signal)
  controller.abort(new Error('enough'))
  await expect(waiting).rejects.toThrow('enough')
  await expect(pause(60_000, controller.signal)).rejects.toThrow('enough')
})
