import { offsetAt } from '../schedules/zone.ts'
import { type CategoryName, categories } from './categories.ts'
import { hasFrenchHolidays, isFrenchHoliday } from './french-holidays.ts'
import { quietUntil } from './quiet-hours.ts'

/** When French networks and gateways take no marketing SMS (https://help.brevo.com, SMS campaigns in France). */
const night = { from: '22:00', to: '08:00' }
const day = { from: '08:00', to: '22:00' }
const sunday = 0

/**
 * The first instant at which a message of this category may be sent by SMS; null for now. Only marketing waits. The night is
 * kept everywhere, as nobody anywhere likes to be woken by an offer; Sundays and holidays where French law has them, and
 * where nobody knows the country.
 */
export function marketingUntil(country: string | null, category: CategoryName, now: Date, zone: string): Date | null {
  if (categories[category].legal !== 'marketing') return null
  let until: Date | null = null
  for (;;) {
    const next: Date | null = heldUntil(country ?? 'FR', until ?? now, zone)
    if (next === null) return until
    until = next
  }
}

function heldUntil(country: string, at: Date, zone: string): Date | null {
  return quietUntil(night, zone, at) ?? (isFreeDay(country, zone, at) ? quietUntil(day, zone, at) : null)
}

function isFreeDay(country: string, zone: string, at: Date): boolean {
  if (!hasFrenchHolidays(country)) return false
  const shown = new Date(at.getTime() + offsetAt(zone, at.getTime()))
  return shown.getUTCDay() === sunday || isFrenchHoliday(country, shown.toISOString().slice(0, 10))
}
