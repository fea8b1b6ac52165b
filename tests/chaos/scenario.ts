import type { FaultInput } from '../../src/sandbox/faults.ts'
import type { Load } from './load.ts'
import type { Random } from './random.ts'
import type { Backend, System, SystemShape } from './system.ts'

/** How big a run is: `jobs` confirmations at least, `perSecond`, and `faults` of the scenario's kind. */
export interface Size {
  readonly jobs: number
  readonly perSecond: number
  readonly faults: number
}

/** A job that ended otherwise than well. */
export interface Ended {
  readonly id: string
  readonly name: string
  readonly outcome: string
  readonly code: string | null
}

/** What a scenario works with while the load runs. */
export interface Stage {
  readonly system: System
  readonly random: Random
  readonly load: Load
  readonly size: Size
  readonly isLong: boolean
  /** A line of progress for people. */
  readonly say: (step: string) => void
  /** Counts faults that were made to happen. */
  readonly fault: (count?: number) => void
  /** Notes a fault placed on one recipient: those that the sandbox acted out are counted when all is over. */
  readonly placed: (fault: FaultInput) => void
  /** Jobs that a dead or frozen process was running, and since when: their next start is measured. */
  readonly interrupted: (pid: number, atMs: number) => Promise<void>
  /** Notes the jobs that wait in the queue: they must start again once the store is `backAt` that moment (epoch, ms). */
  readonly outage: () => Promise<{ readonly inside: number; readonly backAt: (atMs: number) => void }>
  /** A process that had to be replaced was, after so long (ms). */
  readonly replaced: (afterMs: number) => void
  /** Recipients outside the bookings that must be reached exactly once, or never. */
  readonly expectMail: (recipient: string, times?: 0 | 1) => void
  /** A job accepted past the intake. */
  readonly accepted: (id: string) => void
}

/** One way to break the system, and what must hold nevertheless. */
export interface Scenario {
  readonly name: string
  readonly about: string
  readonly backends: readonly Backend[]
  readonly shape: SystemShape
  readonly short: Size
  readonly long: Size
  readonly bounds: {
    readonly restartP99Ms?: number
    readonly resumeMs?: number
    readonly replacedMs?: number
    /** Attempts that counted against a job, in all. */
    readonly burntAttempts?: number
  }
  /** Failures that are the scenario's purpose, for example a mail that the provider refuses for good. */
  readonly isIntended?: (ended: Ended) => boolean
  /** Breaks things while the load runs; resolves when the last fault is over. */
  readonly play: (stage: Stage) => Promise<void>
}

/** What one scenario came to. Times in ms; null where it measures nothing of the kind. */
export interface Result {
  readonly scenario: string
  readonly backend: Backend
  readonly seed: number
  readonly faults: number
  readonly accepted: number
  readonly done: number
  readonly failedAsIntended: number
  readonly lost: number
  readonly effectsExpected: number
  readonly effectsSeen: number
  readonly doubled: number
  readonly unknownOpen: number
  /** Effects that nobody could know and whose written policy closed them so. Any other closed one is in `broken`. */
  readonly closedUnknown: number
  readonly burntAttempts: number
  readonly restartP99Ms: number | null
  readonly resumeMs: number | null
  readonly replacedMs: number | null
  readonly tookMs: number
  /** What should have held and did not, in words. */
  readonly broken: readonly string[]
  /** Bounds of time that were exceeded: on a machine busy with other things they say little. */
  readonly late: readonly string[]
}

/** Restart within 15 s of a crash: the promise (docs: protocol, section 3). */
export const restartWithinMs = 15_000
/** Running again within 5 s after the queue's store is back. */
export const resumeWithinMs = 5_000
/** A worker that fetches nothing is ended and replaced within 60 s (docs: design, section 9). */
export const replacedWithinMs = 60_000
