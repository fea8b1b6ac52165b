import { expect, test } from 'vitest'
import { isReviewDue } from '../../../src/domain/notifications/review-request.ts'

test.each([
  ['Europe/Paris', '2026-12-12', '2026-12-12T12:00:00Z', false],
  ['Europe/Paris', '2026-12-12', '2026-12-13T08:59:59Z', false],
  ['Europe/Paris', '2026-12-12', '2026-12-13T09:00:00Z', true],
  ['Europe/Paris', '2026-12-12', '2026-12-13T18:59:59Z', true],
  ['Europe/Paris', '2026-12-12', '2026-12-13T19:00:00Z', false],
  ['Europe/Paris', '2026-12-12', '2026-12-14T03:00:00Z', false],
  ['Europe/Paris', '2026-12-12', '2026-12-15T18:59:59Z', true],
  ['Europe/Paris', '2026-12-12', '2026-12-16T09:00:00Z', false],
  ['Asia/Kathmandu', '2026-12-12', '2026-12-13T04:14:59Z', false],
  ['Asia/Kathmandu', '2026-12-12', '2026-12-13T04:15:00Z', true],
  // Thirteen hours ahead in their summer: it is the evening of the day they left in UTC.
  ['Pacific/Auckland', '2026-12-12', '2026-12-12T20:59:59Z', false],
  ['Pacific/Auckland', '2026-12-12', '2026-12-12T21:00:00Z', true],
  ['Pacific/Tongatapu', '2026-12-12', '2026-12-12T21:00:00Z', true],
  ['Pacific/Marquesas', '2026-12-12', '2026-12-13T19:29:59Z', false],
  ['Pacific/Marquesas', '2026-12-12', '2026-12-13T19:30:00Z', true],
  ['Pacific/Marquesas', '2026-12-12', '2026-12-16T05:29:59Z', true],
  // On the days the clocks of Paris change, ten is ten.
  ['Europe/Paris', '2026-03-28', '2026-03-29T07:59:59Z', false],
  ['Europe/Paris', '2026-03-28', '2026-03-29T08:00:00Z', true],
  ['Europe/Paris', '2026-10-24', '2026-10-25T08:59:59Z', false],
  ['Europe/Paris', '2026-10-24', '2026-10-25T09:00:00Z', true],
])('a guest of %s who left on %s may be asked at %s: %s', (zone, checkOut, at, isDue) => {
  expect(isReviewDue(checkOut, zone, new Date(at))).toBe(isDue)
})
