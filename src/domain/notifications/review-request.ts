import { offsetAt } from '../schedules/zone.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
/** The time of day from which guests are asked, in the zone of the place, and for how long. */
const fromHour = 10
const askingMs = 10 * hourMs
/** When nobody looked the day after, two more days are good for it; later it would be odd. */
export const askingDays = 3

/** Whether a guest who left may be asked how it was: the days after, from ten to eight in the evening where the place is. */
export function isReviewDue(checkOut: string, zone: string, now: Date): boolean {
  const firstAt = Date.parse(checkOut) + dayMs + fromHour * hourMs
  const sinceMs = now.getTime() + offsetAt(zone, now.getTime()) - firstAt
  return sinceMs >= 0 && sinceMs < askingDays * dayMs && sinceMs % dayMs < askingMs
}
