import { z } from 'zod'
import { type Locale, languageTags } from './locale.ts'

const dayMs = 86_400_000

/** A calendar day of a stay, `YYYY-MM-DD`: no instant and no zone, so it is never moved by one. */
export const stayDate = z.iso.date().refine(date => date >= '0001', 'there was no year 0')

/** Nights between two days: 1 from one day to the next, negative when the order is wrong. Throws on a false date. */
export function nightsBetween(checkIn: string, checkOut: string): number {
  return (utcMidnight(checkOut) - utcMidnight(checkIn)) / dayMs
}

/** « samedi 12 décembre 2026 », "Saturday 12 December 2026". Throws on a false date. */
export function formatStayDate(date: string, locale: Locale): string {
  const format = { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' } as const
  const parts = partsOf(date, locale, format)
  // French counts the first day of a month with an ordinal; Intl does not know.
  const day = locale === 'fr' && parts.get('day') === '1' ? '1er' : parts.get('day')
  return [parts.get('weekday'), day, parts.get('month'), parts.get('year')].join(' ')
}

/** « 12/12/2026 », "12 Dec 2026": a month in figures means another day to American readers. Throws on a false date. */
export function formatStayDateShort(date: string, locale: Locale): string {
  const figures = { day: '2-digit', month: '2-digit', year: 'numeric' } as const
  const parts = partsOf(date, locale, locale === 'fr' ? figures : { ...figures, day: 'numeric', month: 'short' })
  return [parts.get('day'), parts.get('month'), parts.get('year')].join(locale === 'fr' ? '/' : ' ')
}

function utcMidnight(date: string): number {
  return Date.parse(`${stayDate.parse(date)}T00:00:00Z`)
}

function partsOf(date: string, locale: Locale, format: Intl.DateTimeFormatOptions): Map<string, string> {
  const formatter = new Intl.DateTimeFormat(languageTags[locale], { ...format, timeZone: 'UTC' })
  return new Map(formatter.formatToParts(utcMidnight(date)).map(({ type, value }) => [type, value]))
}
