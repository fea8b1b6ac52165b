import { hash } from 'node:crypto'
import type { Request } from 'express'
import { keyOption } from './job-options.ts'
import { Problem } from './problem.ts'

/** The caller's Idempotency-Key; undefined when it sent none. Throws invalid-idempotency-key. */
export function idempotencyKeyOf(request: Request): string | undefined {
  const key = request.get('idempotency-key')
  if (key === undefined || keyOption.safeParse(key).success) return key
  throw new Problem('invalid-idempotency-key', {
    detail: 'it must be 1 to 255 visible ASCII characters without spaces',
  })
}

/**
 * Equal for requests that mean the same: order of members and options, spaces and escapes make no difference, nor does it
 * whether a job came alone or among many. `options` are pairs of name and text, as in an address.
 */
export function requestSha256(name: string, options: Iterable<readonly [string, string]>, payload: unknown): string {
  const pairs = [...options].toSorted(([a, x], [b, y]) => (`${a} ${x}` < `${b} ${y}` ? -1 : 1))
  return hash('sha256', JSON.stringify(sorted([name, pairs, payload])))
}

/** The value with the members of every object in one order (as RFC 8785, whose number and text forms are JSON.stringify's). */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  // Entries, because an object would move integer-like names to the front and swallow `__proto__`.
  return {
    members: Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, inside]) => [name, sorted(inside)]),
  }
}
