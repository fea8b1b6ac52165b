/** What happens to slots that could not be decided in time. `all` = the newest so many, in order. */
export type MissedPolicy = 'skip' | 'once' | { readonly all: number }
/** What happens to a slot that comes while an earlier run is still open. */
export type OverlapPolicy = 'skip' | 'queue'

export type SlotDecision = 'run' | 'skipped-missed' | 'skipped-overlap' | 'skipped-paused'

/** One slot and what is to become of it; times are ms since 1970. */
export interface DecidedSlot {
  readonly slot: number
  readonly decision: SlotDecision
}

/** A slot decided later than this after its time was missed, whatever its period. */
const longestGraceMs = 60_000
/** A late pass of the relay makes no miss, not even of a schedule of every second. */
const shortestGraceMs = 2_000

/** How late a slot may be decided and still be on time: half its period, within bounds. */
export function graceMs(periodMs: number): number {
  return Math.min(longestGraceMs, Math.max(shortestGraceMs, periodMs / 2))
}

/**
 * Decides all slots that are due, oldest first (docs/schedules.md). `next` is the first slot that is not due yet.
 * Slots on time run; with `once` they are that one run, so that coming back late never starts two.
 */
export function decideSlots(due: {
  readonly slots: readonly number[]
  readonly next: number | undefined
  readonly now: number
  readonly missed: MissedPolicy
  readonly overlap: OverlapPolicy
  readonly isPaused: boolean
  /** Whether a job of an earlier slot has not ended. */
  readonly isEarlierOpen: boolean
}): DecidedSlot[] {
  const { slots, next, now, missed, overlap, isPaused } = due
  if (isPaused) return slots.map(slot => ({ slot, decision: 'skipped-paused' }))

  const firstOnTime =
    1 +
    slots.findLastIndex((slot, index) => {
      const following = slots[index + 1] ?? next
      return now - slot > graceMs(following === undefined ? Number.POSITIVE_INFINITY : following - slot)
    })
  const firstToRun = firstOnTime - lateOnesToRun(missed, firstOnTime, slots.length)

  let isOpen = due.isEarlierOpen
  return slots.map((slot, index) => {
    if (index < firstToRun) return { slot, decision: 'skipped-missed' }
    if (isOpen && overlap === 'skip') return { slot, decision: 'skipped-overlap' }
    isOpen = true
    return { slot, decision: 'run' }
  })
}

function lateOnesToRun(missed: MissedPolicy, late: number, all: number): number {
  if (missed === 'skip') return 0
  if (missed === 'once') return late > 0 && late === all ? 1 : 0
  return Math.min(late, missed.all)
}
