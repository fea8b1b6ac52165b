import { firstClockChange, offsetAt } from '../schedules/zone.ts'

const minuteMs = 60_000
const minutesPerDay = 1_440

/** A time of day to be left alone, `HH:MM` on the clock of the reader; `to` is the first minute after it. */
export interface QuietHours {
  readonly from: string
  readonly to: string
}

/**
 * The first instant after `now` at which it is not quiet any more; null when it is not quiet now. Where the clocks jump
 * over `to`, it is the first instant after the jump; where they show it twice, the first time.
 */
export function quietUntil(hours: QuietHours, zone: string, now: Date): Date | null {
  let at = now.getTime()
  if (!isQuietAt(hours, zone, at)) return null
  for (;;) {
    const end = at + minutesUntil(hours.to, zone, at) * minuteMs - (at % minuteMs)
    const change = firstClockChange(zone, at, end)
    if (change === undefined) return new Date(end)
    at = change.at
    if (!isQuietAt(hours, zone, at)) return new Date(at)
  }
}

function isQuietAt({ from, to }: QuietHours, zone: string, at: number): boolean {
  const [start, end, shown] = [minuteOf(from), minuteOf(to), shownMinute(zone, at)]
  return start <= end ? shown >= start && shown < end : shown >= start || shown < end
}

function minutesUntil(time: string, zone: string, at: number): number {
  return (minuteOf(time) - shownMinute(zone, at) + minutesPerDay) % minutesPerDay
}

function shownMinute(zone: string, at: number): number {
  return Math.floor((at + offsetAt(zone, at)) / minuteMs) % minutesPerDay
}

function minuteOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5))
}
