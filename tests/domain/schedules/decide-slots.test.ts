import { describe, expect, it } from 'vitest'
import {
  decideSlots,
  graceMs,
  type MissedPolicy,
  type OverlapPolicy,
} from '../../../src/domain/schedules/decide-slots.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs

/** Hourly slots 1, 2, … of which the newest came `lateMs` ago; answers one letter per slot. */
function decided(given: {
  slots: number
  lateMs?: number
  missed?: MissedPolicy
  overlap?: OverlapPolicy
  isPaused?: boolean
  isEarlierOpen?: boolean
}): string {
  const {
    slots: count,
    lateMs = 0,
    missed = 'skip',
    overlap = 'queue',
    isPaused = false,
    isEarlierOpen = false,
  } = given
  const slots = Array.from({ length: count }, (_, index) => (index + 1) * hourMs)
  const now = count * hourMs + lateMs
  const next = (count + 1) * hourMs
  const letters = { run: 'R', 'skipped-missed': 'm', 'skipped-overlap': 'o', 'skipped-paused': 'p' }
  const result = decideSlots({ slots, next, now, missed, overlap, isPaused, isEarlierOpen })
  expect(result.map(({ slot }) => slot)).toEqual(slots)
  return result.map(({ decision }) => letters[decision]).join('')
}

describe('after an absence over several slots', () => {
  const late = 30 * minuteMs
  it.each<[MissedPolicy, number, number, string]>([
    ['skip', 4, late, 'mmmm'],
    ['skip', 4, 10_000, 'mmmR'],
    ['once', 4, late, 'mmmR'],
    ['once', 1, late, 'R'],
    // The slot that is on time is the one run.
    ['once', 4, 10_000, 'mmmR'],
    [{ all: 10 }, 4, late, 'RRRR'],
    [{ all: 2 }, 4, late, 'mmRR'],
    [{ all: 2 }, 4, 10_000, 'mRRR'],
    [{ all: 1 }, 4, late, 'mmmR'],
  ])('missed %j, %i slots, the last %i ms ago: %s', (missed, slots, lateMs, expected) => {
    expect(decided({ slots, lateMs, missed })).toBe(expected)
  })
})

describe('a slot on time', () => {
  it.each<[OverlapPolicy, boolean, string]>([
    ['skip', false, 'R'],
    ['skip', true, 'o'],
    ['queue', false, 'R'],
    ['queue', true, 'R'],
  ])('overlap %s, an earlier run open: %s gives %s', (overlap, isEarlierOpen, expected) => {
    expect(decided({ slots: 1, overlap, isEarlierOpen })).toBe(expected)
  })

  it('runs under every missed policy', () => {
    for (const missed of ['skip', 'once', { all: 3 }] as const) expect(decided({ slots: 1, missed })).toBe('R')
  })

  it('meets the slot before it, when both are decided at once', () => {
    const slots = [1_000, 2_000]
    const due = { slots, next: 3_000, now: 2_100, missed: 'skip', isPaused: false, isEarlierOpen: false } as const
    expect(decideSlots({ ...due, overlap: 'skip' }).map(({ decision }) => decision)).toEqual(['run', 'skipped-overlap'])
    expect(decideSlots({ ...due, overlap: 'queue' }).map(({ decision }) => decision)).toEqual(['run', 'run'])
  })

  it('runs once even when it has no successor', () => {
    const due = { slots: [0], next: undefined, now: 60_000, missed: 'skip', overlap: 'skip' } as const
    expect(decideSlots({ ...due, isPaused: false, isEarlierOpen: false })).toEqual([{ slot: 0, decision: 'run' }])
  })
})

it('nothing runs while paused, whatever the policies say', () => {
  for (const missed of ['skip', 'once', { all: 9 }] as const) {
    expect(decided({ slots: 3, missed, isPaused: true })).toBe('ppp')
  }
})

it.each([
  [1_000, 2_000],
  [10_000, 5_000],
  [60_000, 30_000],
  [86_400_000, 60_000],
])('a period of %i ms gives %i ms of grace', (periodMs, expected) => {
  expect(graceMs(periodMs)).toBe(expected)
})

it.each([
  [30_000, 'R'],
  [30_001, 'm'],
])('of every minute, decided %i ms late: %s', (lateMs, expected) => {
  const due = { slots: [0], next: minuteMs, now: lateMs, missed: 'skip', overlap: 'queue' } as const
  const [one] = decideSlots({ ...due, isPaused: false, isEarlierOpen: false })
  expect(one?.decision).toBe(expected === 'R' ? 'run' : 'skipped-missed')
})
