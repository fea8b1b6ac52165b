import { expect, test } from 'vitest'
import { attemptLimit } from '../../src/intake/operators/attempt-limit.ts'

test('so many tries per window, counted per key', () => {
  let nowMs = 0
  const limit = attemptLimit({ max: 2, windowMs: 1_000, maxKeys: 10 }, () => nowMs)
  expect([limit.take('a'), limit.take('a'), limit.take('a'), limit.take('b')]).toEqual([0, 0, 1_000, 0])
  nowMs = 600
  expect(limit.take('a')).toBe(400)
  nowMs = 1_000
  expect(limit.take('a')).toBe(0)
})

test('forgets the oldest key rather than growing', () => {
  const limit = attemptLimit({ max: 1, windowMs: 1_000, maxKeys: 2 }, () => 0)
  limit.take('a')
  limit.take('b')
  limit.take('c')
  expect([limit.take('c'), limit.take('a')]).toEqual([1_000, 0])
})
