import { z } from 'zod'
import { UsageError } from './command.ts'

const unitMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const
const agoForm = /^(?<count>\d{1,6})(?<unit>[smhd])$/
const instantForm = z.iso.datetime({ offset: true })

/** An instant as people write it: RFC 3339, or `90m` ago (s, m, h, d). Throws {@link UsageError} naming the option. */
export function instantOption(name: string, text: string | undefined, now = Date.now()): Date | null {
  if (text === undefined) return null
  const ago = agoForm.exec(text)?.groups
  const unit = z.enum(['s', 'm', 'h', 'd']).safeParse(ago?.['unit'])
  if (ago?.['count'] !== undefined && unit.success) return new Date(now - Number(ago['count']) * unitMs[unit.data])
  if (instantForm.safeParse(text).success) return new Date(text)
  throw new UsageError(`--${name} takes an instant such as 2026-12-24T18:00:00Z, or how long ago: 90s, 15m, 2h, 1d`)
}

/** A whole number within bounds. Throws {@link UsageError} naming the option. */
export function numberOption(name: string, text: string | undefined, [min, max]: readonly [number, number]) {
  if (text === undefined) return undefined
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
  if (value >= min && value <= max) return value
  throw new UsageError(`--${name} takes a whole number from ${min} to ${max}`)
}
