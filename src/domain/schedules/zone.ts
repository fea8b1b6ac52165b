const secondMs = 1_000
const minuteMs = 60 * secondMs
const hourMs = 60 * minuteMs
/** Zones change their clocks months or at least weeks apart, so looking once per day misses none. */
const lookEveryMs = 24 * hourMs

/** An instant at which a zone's clocks change; offsets are ms east of UTC. */
export interface ClockChange {
  /** The first instant of the new offset, in ms since 1970. */
  readonly at: number
  readonly before: number
  readonly after: number
}

/** Whether this is an IANA zone the runtime knows. Fixed offsets (`+02:00`) are none: they have no summer. */
export function isZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false
  try {
    formatter(name)
    return true
  } catch {
    return false
  }
}

/** How far a zone's clock is ahead of UTC at an instant, in ms. */
export function offsetAt(zone: string, instant: number): number {
  const text = formatter(zone).format(instant)
  const found = /GMT(?:(?<sign>[+-])(?<hours>\d\d):(?<minutes>\d\d)(?::(?<seconds>\d\d))?)?$/.exec(text)?.groups
  if (!found) throw new Error(`cannot read the offset of ${zone} in "${text}"`)
  const { sign, hours = 0, minutes = 0, seconds = 0 } = found
  return (sign === '-' ? -1 : 1) * (Number(hours) * hourMs + Number(minutes) * minuteMs + Number(seconds) * secondMs)
}

/** The first change of the clocks after `from` and not after `until`. */
export function firstClockChange(zone: string, from: number, until: number): ClockChange | undefined {
  const before = offsetAt(zone, from)
  for (let low = from; low < until; low += lookEveryMs) {
    const high = Math.min(low + lookEveryMs, until)
    if (offsetAt(zone, high) !== before) return changeBetween(zone, low, high, before)
  }
  return undefined
}

function changeBetween(zone: string, from: number, until: number, before: number): ClockChange {
  // Changes fall on whole seconds of UTC.
  let low = Math.floor(from / secondMs)
  let high = Math.ceil(until / secondMs)
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (offsetAt(zone, middle * secondMs) === before) low = middle
    else high = middle
  }
  return { at: high * secondMs, before, after: offsetAt(zone, high * secondMs) }
}

/** What a clock in the zone shows, as ISO 8601 with its offset: `2026-03-29T03:00:00+02:00`. */
export function zonedIso(zone: string, instant: number): string {
  const offset = offsetAt(zone, instant)
  const ahead = new Date(Math.abs(offset)).toISOString().slice(11, 16)
  return `${new Date(instant + offset).toISOString().slice(0, 19)}${offset < 0 ? '-' : '+'}${ahead}`
}

const formatters = new Map<string, Intl.DateTimeFormat>()

function formatter(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone)
  if (known) return known
  const made = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' })
  formatters.set(zone, made)
  return made
}
