import { zonedIso } from './zone.ts'

const isoDateChars = 10

/**
 * The payload of an API-made schedule for one slot: in every text of the template `{{slot}}` becomes the slot as a UTC
 * instant (`2026-03-29T01:00:00.000Z`) and `{{slot.date}}` the day its zone's calendar shows (`2026-03-29`). Keys stay.
 */
export function fillSlot(
  template: Readonly<Record<string, unknown>>,
  slot: Date,
  zone: string,
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(template).map(([key, value]) => [key, filled(value, slot, zone)]))
}

function filled(value: unknown, slot: Date, zone: string): unknown {
  if (typeof value === 'string') {
    const date = zonedIso(zone, slot.getTime()).slice(0, isoDateChars)
    return value.replaceAll('{{slot}}', slot.toISOString()).replaceAll('{{slot.date}}', date)
  }
  if (Array.isArray(value)) return value.map(item => filled(item, slot, zone))
  if (isRecord(value)) return fillSlot(value, slot, zone)
  return value
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
