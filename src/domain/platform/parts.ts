import { z } from 'zod'

const maxIdChars = 64
const maxZoneChars = 64

/** An id of the platform: opaque text, no blanks or control characters at its ends or inside. */
export const platformId = z
  .string()
  .min(1)
  .max(maxIdChars)
  // Not a pattern: readers of the API's description do not agree on how to read Unicode classes in one.
  .refine(id => !/[\s\p{C}]/u.test(id), 'holds a blank or a control character')

/** Grows with each change of an entity: a counter, or the milliseconds of its last change. An older one never wins. */
export const entityVersion = z.int().min(0).meta({ description: 'grows with each change; an older one never wins' })

/** An instant with its offset, such as 2026-12-12T10:00:00Z: one that Postgres can keep and give back. */
export const instant = z.iso
  .datetime({ offset: true })
  .refine(isKeepable, 'is before 1900, after 9998, or 16 hours or more away from UTC')

/** ISO 3166-1 alpha-2, in capitals. */
export const countryCode = z.string().regex(/^[A-Z]{2}$/, 'is no ISO 3166-1 alpha-2 code in capitals')

/** IANA name of a time zone, such as Europe/Paris. */
export const timeZone = z.string().max(maxZoneChars).refine(isZone, 'is no IANA time zone')

/** A time of day, `HH:MM`. */
export const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'is no time of day, HH:MM')

const latitude = z.number().min(-90).max(90)
const longitude = z.number().min(-180).max(180)

/** A point on Earth in WGS84 degrees. */
export const point = z.strictObject({ lat: latitude, lon: longitude })

function isKeepable(text: string): boolean {
  const year = Number(text.slice(0, 4))
  return year >= 1900 && year <= 9998 && !/[+-](?:1[6-9]|2\d):\d\d$/.test(text)
}

/** More than there are; each may be written in several ways. */
const maxKnownZones = 2_000
const knownZones = new Set<string>()

/** Intl is asked once for each name: a formatter takes time, and 25 kB outside the heap that are long in being freed. */
function isZone(name: string): boolean {
  if (knownZones.has(name)) return true
  // An offset such as +02:00 is taken by Intl too, and knows no summer time.
  if (!/^[A-Z]/i.test(name)) return false
  try {
    new Intl.DateTimeFormat('en', { timeZone: name }).format()
  } catch {
    return false
  }
  if (knownZones.size < maxKnownZones) knownZones.add(name)
  return true
}
