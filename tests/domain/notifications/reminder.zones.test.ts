import { describe, expect, test } from 'vitest'
import { firstReminderAt, isReminderDue } from '../../../src/domain/notifications/reminder.ts'

describe('a guest is reminded the day before, from ten where the place is', () => {
  test.each([
    ['Europe/Paris', '2026-12-12', '2026-12-11T08:59:59Z', false],
    ['Europe/Paris', '2026-12-12', '2026-12-11T09:00:00Z', true],
    ['Europe/Paris', '2026-12-12', '2026-12-11T22:59:59Z', true],
    ['Europe/Paris', '2026-12-12', '2026-12-11T23:00:00Z', false],
    ['Europe/Paris', '2026-12-12', '2026-12-10T12:00:00Z', false],
    ['America/Martinique', '2026-12-12', '2026-12-11T13:59:59Z', false],
    ['America/Martinique', '2026-12-12', '2026-12-12T03:59:59Z', true],
    ['Pacific/Kiritimati', '2026-12-12', '2026-12-10T19:59:59Z', false],
    ['Pacific/Kiritimati', '2026-12-12', '2026-12-10T20:00:00Z', true],
    ['Pacific/Pago_Pago', '2026-12-12', '2026-12-12T10:59:59Z', true],
    ['Asia/Kathmandu', '2026-12-12', '2026-12-11T04:14:59Z', false],
    ['Asia/Kathmandu', '2026-12-12', '2026-12-11T04:15:00Z', true],
    ['Pacific/Tongatapu', '2026-12-12', '2026-12-10T20:59:59Z', false],
    ['Pacific/Tongatapu', '2026-12-12', '2026-12-10T21:00:00Z', true],
    ['Pacific/Marquesas', '2026-12-12', '2026-12-11T19:29:59Z', false],
    ['Pacific/Marquesas', '2026-12-12', '2026-12-11T19:30:00Z', true],
    // The clocks of Paris go forward on 29 March 2026 and back on 25 October; on both days ten is ten.
    ['Europe/Paris', '2026-03-29', '2026-03-28T08:59:59Z', false],
    ['Europe/Paris', '2026-03-29', '2026-03-28T09:00:00Z', true],
    ['Europe/Paris', '2026-03-30', '2026-03-29T07:59:59Z', false],
    ['Europe/Paris', '2026-03-30', '2026-03-29T08:00:00Z', true],
    ['Europe/Paris', '2026-10-26', '2026-10-25T08:59:59Z', false],
    ['Europe/Paris', '2026-10-26', '2026-10-25T09:00:00Z', true],
    ['Australia/Lord_Howe', '2026-10-05', '2026-10-03T22:59:59Z', false],
    ['Australia/Lord_Howe', '2026-10-05', '2026-10-03T23:00:00Z', true],
  ])('%s, check-in %s, at %s: %s', (zone, checkIn, at, isDue) => {
    expect(isReminderDue(checkIn, zone, new Date(at))).toBe(isDue)
  })
})

const zonesDueAt = (ms: number) =>
  Intl.supportedValuesOf('timeZone').filter(zone => isReminderDue('2026-12-12', zone, new Date(ms)))

test('nobody in the world is reminded before the first instant', () => {
  const first = firstReminderAt('2026-12-12')
  expect(zonesDueAt(first - 1)).toEqual([])
  expect(zonesDueAt(first)).toContain('Pacific/Kiritimati')
})
