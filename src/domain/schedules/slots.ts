import { type ClockChange, firstClockChange, offsetAt } from './zone.ts'

/**
 * A cron read on the face of a clock that never changes. Walls are what the face shows, in ms as if it were UTC, so that
 * no time is missing and none comes twice; what a real zone's clock does is decided here and nowhere else.
 */
export interface WallCron {
  /** Whether it names all 24 hours: then it follows real hours, not times of day. */
  readonly everyHour: boolean
  /** The first match after a wall; undefined when there is none any more. */
  readonly nextWall: (after: number) => number | undefined
}

const hourMs = 3_600_000
const dayMs = 24 * hourMs
/** Offsets lie between -12 and +14 hours, so the instants that may show a wall lie within a day of it. */
const spreadMs = dayMs
const lookAheadMs = 2 * dayMs

/**
 * The instants after `after` (ms since 1970) at which a cron is due in a zone, in order and without repeats
 * (docs/schedules.md has the table):
 * a time of day that a change of the clocks leaves out is due at the first instant after the gap; one that comes twice is
 * due at the first; a cron of every hour is due in each real hour.
 */
export function slotsAfter(cron: WallCron, zone: string, after: number): Generator<number, void> {
  return cron.everyHour ? inEveryHour(cron, zone, after) : atTimesOfDay(cron, zone, after)
}

function* atTimesOfDay(cron: WallCron, zone: string, after: number): Generator<number, void> {
  let last = after
  let wall = cron.nextWall(after + offsetAt(zone, after))
  while (wall !== undefined) {
    const slot = firstInstantShowing(zone, wall)
    if (slot > last) {
      yield slot
      last = slot
    }
    wall = cron.nextWall(wall)
  }
}

/** Of a wall that comes twice the first; for one that is left out, the first instant after the gap. */
function firstInstantShowing(zone: string, wall: number): number {
  const change = firstClockChange(zone, wall - spreadMs, wall + spreadMs)
  if (!change) return wall - offsetAt(zone, wall)
  const byOldClock = wall - change.before
  return byOldClock < change.at ? byOldClock : Math.max(change.at, wall - change.after)
}

function* inEveryHour(cron: WallCron, zone: string, after: number): Generator<number, void> {
  let start = after + 1
  const earlier = firstClockChange(zone, after - hourMs, after)
  const left = earlier && slotOfOldClock(cron, earlier)
  if (left !== undefined && left > after) yield left
  for (;;) {
    const change = firstClockChange(zone, start, start + lookAheadMs)
    const end = change?.at ?? start + lookAheadMs
    const offset = offsetAt(zone, start)
    let wall = cron.nextWall(start + offset - 1)
    while (wall !== undefined && wall - offset < end) {
      yield wall - offset
      wall = cron.nextWall(wall)
    }
    if (change) {
      const kept = slotOfOldClock(cron, change)
      if (kept !== undefined) yield kept
      start = end
    } else {
      if (wall === undefined) return
      start = Math.max(end, wall - offset - lookAheadMs)
    }
  }
}

/**
 * Where clocks change by other than whole hours (Lord Howe: 30 minutes) the next matching minute may come up to half an
 * hour late. Then the old clock's next time counts as well, so that an hourly cron never waits longer than an hour.
 */
function slotOfOldClock(cron: WallCron, { at, before, after }: ClockChange): number | undefined {
  if ((after - before) % hourMs === 0) return undefined
  const byOld = cron.nextWall(at + before - 1)
  const byNew = cron.nextWall(at + after - 1)
  if (byOld === undefined || byNew === undefined) return undefined
  const slot = byOld - before
  const next = byNew - after
  // A new clock that has nothing for over an hour shows a day that is none of the cron's.
  return slot < next && next - at <= hourMs ? slot : undefined
}

/** The slots in (after, until], at most `max` of them: the newest. `olderFrom` is the first slot left out, if any was. */
export function newestSlots(
  cron: WallCron,
  zone: string,
  span: { readonly after: number; readonly until: number },
  max: number,
): { readonly slots: number[]; readonly olderFrom: number | undefined } {
  const all = slotsWithin(cron, zone, span.after, span.until, max + 1)
  const [first] = all
  if (all.length <= max || first === undefined) return { slots: all, olderFrom: undefined }
  // Bisecting the start costs at most `max` slots per step, however long the span is.
  let low = span.after
  let high = span.until
  let newest: number[] = []
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    const found = slotsWithin(cron, zone, middle, span.until, max + 1)
    if (found.length > max) {
      low = middle
    } else {
      high = middle
      newest = found
    }
    if (found.length === max) break
  }
  return { slots: newest, olderFrom: first }
}

function slotsWithin(cron: WallCron, zone: string, after: number, until: number, max: number): number[] {
  const found: number[] = []
  for (const slot of slotsAfter(cron, zone, after)) {
    if (slot > until) break
    found.push(slot)
    if (found.length === max) break
  }
  return found
}

/** The next `count` slots after an instant. */
export function nextSlots(cron: WallCron, zone: string, after: number, count: number): number[] {
  return slotsWithin(cron, zone, after, Number.POSITIVE_INFINITY, count)
}
