import { describe, expect, it } from 'vitest'
import { slotsAfter } from '../../../src/domain/schedules/slots.ts'
import { readCron } from '../../../src/ledger/schedules/read-cron.ts'
import { clockChanges } from './clock-changes.ts'
import { seeded } from './seeded.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
const cronsPerChange = 12
const daysAround = 2

/** What the zone's clock shows, read by another way than the code under test. */
function face(zone: string): (instant: number) => { wall: number; minute: number; hour: number; weekday: number } {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' })
  return instant => {
    const wall = new Date(`${format.format(instant).replace(' ', 'T')}:00Z`)
    return { wall: wall.getTime(), minute: wall.getUTCMinutes(), hour: wall.getUTCHours(), weekday: wall.getUTCDay() }
  }
}

/** The minutes a clock leaves out when it jumps from one wall to another. */
function wallsBetween(from: number, until: number) {
  return Array.from({ length: Math.max(0, (until - from) / minuteMs - 1) }, (_, index) => {
    const wall = new Date(from + (index + 1) * minuteMs)
    return { minute: wall.getUTCMinutes(), hour: wall.getUTCHours(), weekday: wall.getUTCDay() }
  })
}

describe.each(clockChanges)('$zone, $change: every minute looked at', ({ zone, at: changeAt }) => {
  it(`agrees for ${cronsPerChange} random crons`, () => {
    const random = seeded(zone.length * Date.parse(changeAt))
    const show = face(zone)
    const from = Date.parse(changeAt) - daysAround * dayMs
    const until = Date.parse(changeAt) + daysAround * dayMs
    const minutes = Array.from({ length: (until - from) / minuteMs }, (_, index) => {
      const instant = from + (index + 1) * minuteMs
      return { instant, ...show(instant) }
    })

    for (let round = 0; round < cronsPerChange; round += 1) {
      const everyHour = round % 3 === 0
      const minute = random.subset(60, everyHour ? 3 : 5)
      const hour = everyHour ? Array.from({ length: 24 }, (_, index) => index) : random.subset(24, 12)
      const weekday = round % 2 === 0 ? [0, 1, 2, 3, 4, 5, 6] : random.subset(7, 3)
      const matches = (at: { minute: number; hour: number; weekday: number }) =>
        minute.includes(at.minute) && hour.includes(at.hour) && weekday.includes(at.weekday)

      const expected = new Set<number>()
      let reached = show(from).wall
      for (const shown of minutes) {
        const isNew = shown.wall > reached
        if (matches(shown) && (everyHour || isNew)) expected.add(shown.instant)
        // The walls between two minutes that follow each other are left out by the clock.
        if (!everyHour && wallsBetween(reached, shown.wall).some(matches)) expected.add(shown.instant)
        reached = Math.max(reached, shown.wall)
      }

      const cron = `${minute.join()} ${everyHour ? '*' : hour.join()} * * ${weekday.join()}`
      const found: number[] = []
      for (const slot of slotsAfter(readCron(cron), zone, from)) {
        if (slot > until) break
        found.push(slot)
      }
      // Half-hour changes add one slot to crons of every hour; the table of cases has it.
      const extra = everyHour ? found.filter(slot => !expected.has(slot)) : []
      expect(extra.length, cron).toBeLessThanOrEqual(zone === 'Australia/Lord_Howe' ? 1 : 0)
      for (const slot of extra) expect(slot - Date.parse(changeAt), cron).toBeLessThan(hourMs)
      expect(
        found.filter(slot => !extra.includes(slot)),
        cron,
      ).toEqual([...expected])
      if (everyHour && weekday.length === 7) {
        const gaps = found.slice(1).map((slot, index) => slot - (found[index] ?? 0))
        expect(Math.max(...gaps), cron).toBeLessThanOrEqual(hourMs)
      }
    }
  })
})
