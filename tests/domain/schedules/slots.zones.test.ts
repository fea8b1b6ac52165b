import { describe, expect, it } from 'vitest'
import { newestSlots, nextSlots, slotsAfter } from '../../../src/domain/schedules/slots.ts'
import { zonedIso } from '../../../src/domain/schedules/zone.ts'
import { readCron } from '../../../src/ledger/schedules/read-cron.ts'
import { clockChanges, withSeconds } from './clock-changes.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const at = (iso: string): number => Date.parse(iso)
const iso = (instant: number): string => new Date(instant).toISOString()

function within(cron: string, zone: string, after: number, until: number): number[] {
  const found: number[] = []
  for (const slot of slotsAfter(readCron(cron), zone, after)) {
    if (slot > until) break
    found.push(slot)
  }
  return found
}

describe.each(clockChanges)('$zone, $change', ({ zone, at: change, cases }) => {
  const changeAt = at(change)

  it.each(Object.entries(cases))('%s', (_, { cron, hours, expected }) => {
    const slots = within(cron, zone, changeAt - hours * hourMs - 1, changeAt + hours * hourMs)
    expect(slots.map(slot => zonedIso(zone, slot))).toEqual(expected.map(withSeconds))
  })

  it.each(Object.entries(cases))('%s, wherever one begins to look', (_, { cron, hours }) => {
    const from = changeAt - hours * hourMs - 1
    const until = changeAt + hours * hourMs
    const all = within(cron, zone, from, until)
    for (let start = from; start <= until; start += (until - from) / 97) {
      const begin = Math.floor(start)
      expect(within(cron, zone, begin, until)).toEqual(all.filter(slot => slot > begin))
    }
  })
})

describe('slots', () => {
  it('come every second when six fields say so', () => {
    const [first, second] = nextSlots(readCron('* * * * * *'), 'Europe/Paris', at('2026-03-29T00:59:59Z'), 2)
    expect([first, second].map(slot => slot && iso(slot))).toEqual([
      '2026-03-29T01:00:00.000Z',
      '2026-03-29T01:00:01.000Z',
    ])
  })

  it('know no leap second: 2016 ended with one, and a minute stays one slot', () => {
    const slots = within('* * * * *', 'UTC', at('2016-12-31T23:58:30Z'), at('2017-01-01T00:01:00Z'))
    expect(slots.map(iso)).toEqual(['2016-12-31T23:59:00.000Z', '2017-01-01T00:00:00.000Z', '2017-01-01T00:01:00.000Z'])
  })

  it('a day a zone never had runs at the first instant after it', () => {
    // Samoa went from 29 to 31 December 2011.
    const slots = within('0 10 * * *', 'Pacific/Apia', at('2011-12-29T12:00:00Z'), at('2011-12-31T12:00:00Z'))
    expect(slots.map(slot => zonedIso('Pacific/Apia', slot))).toEqual([
      '2011-12-29T10:00:00-10:00',
      '2011-12-31T00:00:00+14:00',
      '2011-12-31T10:00:00+14:00',
    ])
  })

  it('midnight left out (Cairo) runs at one', () => {
    const slots = within('0 0 * * *', 'Africa/Cairo', at('2026-04-22T23:00:00Z'), at('2026-04-24T23:00:00Z'))
    expect(slots.map(slot => zonedIso('Africa/Cairo', slot))).toEqual([
      '2026-04-24T01:00:00+03:00',
      '2026-04-25T00:00:00+03:00',
    ])
  })

  it('rare ones are found years ahead', () => {
    expect(nextSlots(readCron('0 9 29 2 *'), 'Europe/Paris', at('2026-01-01T00:00:00Z'), 2).map(iso)).toEqual([
      '2028-02-29T08:00:00.000Z',
      '2032-02-29T08:00:00.000Z',
    ])
  })

  it('every hour of a day in another season begins at its midnight', () => {
    const [first = 0] = nextSlots(readCron('0 * 1 7 *'), 'Europe/Paris', at('2026-01-10T00:00:00Z'), 1)
    expect(zonedIso('Europe/Paris', first)).toBe('2026-07-01T00:00:00+02:00')
  })

  it('a change by half an hour touches no other day', () => {
    const [first = 0] = nextSlots(readCron('0 * 5 5 *'), 'Australia/Lord_Howe', at('2026-04-04T14:30:00Z'), 1)
    expect(zonedIso('Australia/Lord_Howe', first)).toBe('2026-05-05T00:00:00+10:30')
  })

  it('every hour of few days skips the days between', () => {
    const slots = nextSlots(readCron('0 * 1 1 *'), 'America/New_York', at('2026-01-01T05:00:00Z'), 24)
    expect(slots.slice(-2).map(iso)).toEqual(['2026-01-02T04:00:00.000Z', '2027-01-01T05:00:00.000Z'])
  })
})

describe('the newest of many slots', () => {
  it('are all of them when there are few', () => {
    const span = { after: at('2026-03-27T00:00:00Z'), until: at('2026-03-30T00:00:00Z') }
    const { slots, olderFrom } = newestSlots(readCron('30 2 * * *'), 'Europe/Paris', span, 3)
    expect(olderFrom).toBeUndefined()
    expect(slots).toHaveLength(3)
  })

  it.each([
    ['* * * * * *', 365],
    ['* * * 1 1 *', 400],
    ['*/7 * 3 * * 1', 200],
    ['0 * * * *', 30],
  ])('%s over %i days: exactly the newest, and where the others began', (cron, days) => {
    const max = 50
    const until = at('2026-10-25T02:00:00Z')
    const span = { after: until - days * dayMs, until }
    const { slots, olderFrom } = newestSlots(readCron(cron), 'Europe/Paris', span, max)
    const [first = 0] = slots
    expect(olderFrom).toBe(slotsAfter(readCron(cron), 'Europe/Paris', span.after).next().value)
    expect(slots).toHaveLength(max)
    expect(within(cron, 'Europe/Paris', first - 1, until)).toEqual(slots)
  })
})
