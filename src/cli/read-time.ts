import { z } from 'zod'
import { UsageError } from './command.ts'

const unitMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const
const spanForm = /^(?<count>\d{1,6})(?<unit>[smhd])$/
const instantForm = z.iso.datetime({ offset: true })

/** A span as people write it, in ms: `90s`, `15m`, `2h`, `1d`. Undefined when it is none. */
export function spanMs(text: string): number | undefined {
  const span = spanForm.exec(text)?.groups
  const unit = z.enum(['s', 'm', 'h', 'd']).safeParse(span?.['unit'])
  return span?.['count'] === undefined || !unit.success ? undefined : Number(span['count']) * unitMs[unit.data]
}

/** An instant as people write it: RFC 3339, or `90m` ago, or ahead. Throws {@link UsageError} naming the option. */
export function instantOption(name: string, text: string | undefined, { isAhead = false } = {}): Date | null {
  if (text === undefined) return null
  const span = spanMs(text)
  if (span !== undefined) return new Date(Date.now() + (isAhead ? span : -span))
  if (instantForm.safeParse(text).success) return new Date(text)
  const how = isAhead ? 'in how long' : 'how long ago'
  throw new UsageError(`--${name} takes an instant such as 2026-12-24T18:00:00Z, or ${how}: 90s, 15m, 2h, 1d`)
}

/** A whole number within bounds. Throws {@link UsageError} naming the option. */
export function numberOption(name: string, text: string | undefined, [min, max]: readonly [number, number]) {
  if (text === undefined) return undefined
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
  if (value >= min && value <= max) return value
  throw new UsageError(`--${name} takes a whole number from ${min} to ${max}`)
}
