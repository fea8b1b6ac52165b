import { hash } from 'node:crypto'
import type { Request } from 'express'
import { z } from 'zod'
import { keyOption } from './job-options.ts'
import type { Parameter } from './operation.ts'
import { Problem } from './problem.ts'

/** The header as operations describe it that may be repeated under a key. */
export const idempotencyKeyHeader: Parameter = {
  name: 'Idempotency-Key',
  in: 'header',
  about: 'For 24 hours the same key and body are answered as the first time, with Idempotent-Replayed: true.',
  schema: z.string().min(1).max(255).optional(),
}

/** The header of a repeat's answer. */
export const replayedHeader = {
  name: 'Idempotent-Replayed',
  about: 'true: this was answered before, and nothing was made now.',
}

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
  return hash('sha256', `${JSON.stringify([name, pairs])}${canonical(payload)}`)
}

/** JSON with the members of every object in one order (as RFC 8785, whose number and text forms are JSON.stringify's). */
function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  const members = Object.entries(value)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, inside]) => `${JSON.stringify(name)}:${canonical(inside)}`)
  return `{${members.join(',')}}`
}
