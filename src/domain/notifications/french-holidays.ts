const dayMs = 86_400_000

/** Days of the year, `MM-DD` (Code du travail, L3133-1). */
const everyYear: ReadonlySet<string> = new Set(['01-01', '05-01', '05-08', '07-14', '08-15', '11-01', '11-11', '12-25'])
/** Easter Monday, Ascension Day, Whit Monday: days after Easter Sunday. */
const afterEaster: ReadonlySet<number> = new Set([1, 39, 50])

/**
 * Good Friday and St Stephen's Day are holidays in Alsace and Moselle alone (L3134-13). A phone number does not say in which
 * part of France its owner lives, so they count in all of it.
 */
const daysFromEasterInAlsace = -2
const everyYearInAlsace = '12-26'

/** The end of slavery has its day in each of these (L3422-2). */
const ofAbolition: Readonly<Record<string, string>> = {
  GP: '05-27',
  GF: '06-10',
  MQ: '05-22',
  RE: '12-20',
  YT: '04-27',
  BL: '10-09',
  MF: '05-28',
}

/** Whether French labour law rules there: ISO 3166-1 alpha-2. The Pacific has laws of its own. */
export function hasFrenchHolidays(country: string): boolean {
  return country === 'FR' || country === 'PM' || country in ofAbolition
}

/** Whether a day, `YYYY-MM-DD`, is a public holiday there; nowhere else than where {@link hasFrenchHolidays}. */
export function isFrenchHoliday(country: string, day: string): boolean {
  if (!hasFrenchHolidays(country)) return false
  const yearly = day.slice(5)
  const fromEaster = (Date.parse(day) - easterSunday(Number(day.slice(0, 4)))) / dayMs
  if (everyYear.has(yearly) || afterEaster.has(fromEaster) || ofAbolition[country] === yearly) return true
  return country === 'FR' && (yearly === everyYearInAlsace || fromEaster === daysFromEasterInAlsace)
}

/** Midnight in UTC of Easter Sunday, by the Gregorian computus of Butcher (Meeus, Astronomical Algorithms, chapter 8). */
function easterSunday(year: number): number {
  const [a, b, c] = [year % 19, Math.floor(year / 100), year % 100]
  const f = Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3)
  const h = (19 * a + b - Math.floor(b / 4) - f + 15) % 30
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7
  const m = Math.floor((a + 11 * h + 22 * l) / 451)
  const days = h + l - 7 * m + 114
  return Date.UTC(year, Math.floor(days / 31) - 1, (days % 31) + 1)
}
