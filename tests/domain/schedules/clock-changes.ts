import { north } from './north.ts'
import { south } from './south.ts'

/** What a cron does where clocks change: local times as the zone's clock shows them, so that each line can be read. */
export interface ClockChangeCase {
  readonly cron: string
  /** Hours looked at before and after the change. */
  readonly hours: number
  readonly expected: readonly string[]
}

/** One change of one zone's clocks. */
export interface ZoneChange {
  readonly zone: string
  readonly change: string
  /** The first instant of the new time. */
  readonly at: string
  readonly cases: Readonly<Record<string, ClockChangeCase>>
}

/** `2026-03-29T03:00+02:00` becomes what `zonedIso` writes. */
export function withSeconds(local: string): string {
  return `${local.slice(0, 16)}:00${local.slice(16)}`
}

export const clockChanges: readonly ZoneChange[] = [...north, ...south]
