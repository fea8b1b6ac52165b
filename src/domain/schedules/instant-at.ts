import { offsetAt } from './zone.ts'

/** When a clock in the zone shows `time` (`HH:MM`) on `day` (`YYYY-MM-DD`). */
export function instantAt(day: string, time: string, zone: string): Date {
  const shown = Date.parse(`${day}T${time}:00Z`)
  // The offset is that of the instant we are looking for; a guess next to it is right but for the hour of a clock change.
  return new Date(shown - offsetAt(zone, shown - offsetAt(zone, shown)))
}
