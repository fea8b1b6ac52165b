const windowMs = 2_000
const smallestWindowJobs = 100
const largestWindowJobs = 10_000
/** Copies that wait for a retry of theirs take no room of others, but no more ordinary jobs join so many. */
const maxDelayedJobs = 10_000
/**
 * How long a measurement stays in the rate. It counts by the time it took: between two passes that are 4 ms apart a burst
 * looks like a hundred times what the queue drains, and a window made for that stands full for seconds.
 */
const rateMemoryMs = 500
/** Kept for the more urgent, and for lanes that have nothing inside that waits; also when the window is more than full. */
const keptShare = 0.1
/** First turns of new lanes overtake what waits: in the long run one for so many started jobs, so that nothing starves. */
const startedPerOvertaker = 4
/** Ordinary rows are picked in gulps, because each pick walks past the rows that are already inside. */
const gulpShare = 0.25

interface Measured {
  inside: number
  added: number
  atMs: number
  jobsPerMs: number
  /** How many may still overtake; earned by jobs that were started. */
  overtakers: number
}

/** What a queue holds now: jobs that wait to be started, and jobs that wait for a retry. */
export interface Held {
  readonly waiting: number
  readonly delayed: number
}

/** Free places, and how many of them are for first turns of new lanes and for ordinary jobs. */
export interface WindowRoom {
  readonly total: number
  readonly newRoom: number
  readonly ordinaryRoom: number
}

/** How much of each queue may be inside BullMQ: about two seconds of what it was seen to drain. */
export interface Windows {
  /** Room of a queue that holds so much and that at most `concurrency` jobs of a process work on. */
  room(name: string, held: Held, concurrency: number): WindowRoom
  /** Notes how many were just put in, and how many of them were first turns that went ahead. */
  added(name: string, count: number, overtaking: number): void
}

export function openWindows(now: () => number = () => performance.now()): Windows {
  const measured = new Map<string, Measured>()

  function measure(name: string, inside: number): Measured {
    const atMs = now()
    const last = measured.get(name)
    const drained = last ? Math.max(0, last.inside + last.added - inside) : 0
    const elapsedMs = last ? Math.max(1, atMs - last.atMs) : 0
    const before = last?.jobsPerMs ?? 0
    const weight = 1 - Math.exp(-elapsedMs / rateMemoryMs)
    const jobsPerMs = elapsedMs === 0 ? before : before + weight * (drained / elapsedMs - before)
    const overtakers = (last?.overtakers ?? Infinity) + drained / startedPerOvertaker
    const next = { inside, added: 0, atMs, jobsPerMs, overtakers }
    measured.set(name, next)
    return next
  }

  return {
    room(name, { waiting, delayed }, concurrency) {
      const seen = measure(name, waiting)
      const wanted = Math.max(2 * concurrency, smallestWindowJobs, seen.jobsPerMs * windowMs)
      const window = Math.round(Math.min(wanted, largestWindowJobs))
      const kept = Math.ceil(window * keptShare)
      seen.overtakers = Math.min(seen.overtakers, kept)
      const total = Math.max(kept, window - waiting)
      const ordinary = total - kept
      const ordinaryRoom = ordinary < window * gulpShare || delayed >= maxDelayedJobs ? 0 : ordinary
      const mayOvertake = waiting > 0 || ordinaryRoom === 0
      return { total, ordinaryRoom, newRoom: mayOvertake ? Math.min(total, Math.floor(seen.overtakers)) : 0 }
    },
    added(name, count, overtaking) {
      const last = measured.get(name)
      if (!last) return
      last.added += count
      last.overtakers -= overtaking
    },
  }
}
