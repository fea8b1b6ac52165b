import { describe, expect, it, test } from 'vitest'
import { digestWindow, isGathered, nextWindow } from '../../../src/domain/notifications/digest-window.ts'

test.each([
  ['Europe/Paris', '2026-11-22T08:00:00Z', '2026-11-22', '2026-11-22T17:00:00.000Z'],
  ['Europe/Paris', '2026-11-22T16:59:59Z', '2026-11-22', '2026-11-22T17:00:00.000Z'],
  ['Europe/Paris', '2026-11-22T17:00:00Z', '2026-11-23', '2026-11-23T17:00:00.000Z'],
  ['Europe/Paris', '2026-11-22T23:30:00Z', '2026-11-23', '2026-11-23T17:00:00.000Z'],
  ['Asia/Kathmandu', '2026-11-22T12:00:00Z', '2026-11-22', '2026-11-22T12:15:00.000Z'],
  ['Pacific/Tongatapu', '2026-11-22T04:00:00Z', '2026-11-22', '2026-11-22T05:00:00.000Z'],
  ['Pacific/Marquesas', '2026-11-23T03:00:00Z', '2026-11-22', '2026-11-23T03:30:00.000Z'],
  // The evening before the clocks of Paris go forward, and before they go back.
  ['Europe/Paris', '2026-03-28T18:00:00Z', '2026-03-29', '2026-03-29T16:00:00.000Z'],
  ['Europe/Paris', '2026-10-24T18:00:00Z', '2026-10-25', '2026-10-25T17:00:00.000Z'],
])('in %s at %s the digest of %s is open, until %s', (zone, now, day, closesAt) => {
  const window = digestWindow(zone, new Date(now))
  expect(window).toEqual({ day, closesAt: new Date(closesAt) })
  const after = nextWindow(window, zone)
  expect(after).toEqual(digestWindow(zone, window.closesAt))
})

describe('what is gathered', () => {
  const window = { day: '2026-11-22', closesAt: new Date('2026-11-22T17:00:00Z') }
  const low = {
    user_id: '7',
    category: 'message',
    urgency: 'low',
    title: 'Nour',
    channels: null,
    expires_at: null,
  } as const

  it.each([
    ['what is in no hurry', {}, true],
    ['news', { category: 'news' }, true],
    ['what is still true in the evening', { expires_at: new Date('2026-11-22T17:00:01Z') }, true],
  ] as const)('%s', (_what, but, gathered) => {
    expect(isGathered({ ...low, ...but }, window)).toBe(gathered)
  })

  it.each([
    ['what has hurry', { urgency: 'normal' }],
    ['a receipt', { category: 'payment' }],
    ['what somebody wants on a channel', { channels: ['push'] }],
    ['what an address is told', { user_id: null }],
    ['what we write ourselves', { title: null }],
    ['what is over by then', { expires_at: new Date('2026-11-22T17:00:00Z') }],
  ] as const)('not %s', (_what, but) => {
    expect(isGathered({ ...low, ...but }, window)).toBe(false)
  })
})
