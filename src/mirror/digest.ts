import { hash } from 'node:crypto'

/**
 * sha256 in hex of an entity as it was checked. Not of its text: the order of members and the way in which an instant is
 * written (`Z`, `+00:00`) differ from one sender to the next, and are no other content.
 */
export function digestOf(entity: object): string {
  return hash('sha256', JSON.stringify(entity, inOneOrder))
}

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d[\d:.]*(?:Z|[+-]\d\d:?\d\d)$/

function inOneOrder(_name: string, value: unknown): unknown {
  if (typeof value === 'string') return instant.test(value) ? sameInstant(value) : value
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

function sameInstant(text: string): string {
  const ms = Date.parse(text)
  return Number.isNaN(ms) ? text : new Date(ms).toISOString()
}
