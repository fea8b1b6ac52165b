import { offsetAt } from '../schedules/zone.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
/** The time of day from which guests are reminded, in the zone of the place. */
const fromHour = 10
/** The furthest any zone is ahead of UTC (Pacific/Kiritimati). */
const furthestAheadMs = 14 * hourMs

/** Whether a guest is to be reminded: the day before their check-in, from ten in the morning where the place is. */
export function isReminderDue(checkIn: string, zone: string, now: Date): boolean {
  const shownByClock = now.getTime() + offsetAt(zone, now.getTime())
  return shownByClock >= remindAt(checkIn) && shownByClock < Date.parse(checkIn)
}

/** The first instant at which anybody in the world may be reminded of a stay that begins on this day; ms since 1970. */
export function firstReminderAt(checkIn: string): number {
  return remindAt(checkIn) - furthestAheadMs
}

/** When a clock shows that it is time, read as if it showed UTC. */
function remindAt(checkIn: string): number {
  return Date.parse(checkIn) - dayMs + fromHour * hourMs
}
