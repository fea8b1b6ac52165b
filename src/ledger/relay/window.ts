const windowMs = 2_000
const smallestWindowJobs = 100
const largestWindowJobs = 10_000
/** How much of a new measurement enters the rate: an outlier is forgotten after a few passes. */
const smoothing = 0.3
/** Kept for higher priorities and for lanes that have nothing in flight yet. */
const keptShare = 0.1
/** Ordinary rows are picked in gulps, because each pick walks past the rows that are already inside. */
const gulpShare = 0.25

interface Measured {
  inside: number
  added: number
  atMs: number
  jobsPerMs: number
}

/** How much of each queue may be inside BullMQ: about two seconds of what it was seen to drain. */
export interface Windows {
  /** Room of a queue that now holds `inside` jobs and that at most `concurrency` jobs of a process work on. */
  room(name: string, inside: number, concurrency: number): { readonly room: number; readonly ordinaryRoom: number }
  /** Notes what was just put in. */
  added(name: string, count: number): void
}

export function openWindows(now: () => number = () => performance.now()): Windows {
  const measured = new Map<string, Measured>()

  function measure(name: string, inside: number): number {
    const atMs = now()
    const last = measured.get(name)
    if (!last) {
      measured.set(name, { inside, added: 0, atMs, jobsPerMs: 0 })
      return 0
    }
    const drained = Math.max(0, last.inside + last.added - inside)
    const rate = drained / Math.max(1, atMs - last.atMs)
    const jobsPerMs = last.jobsPerMs === 0 ? rate : last.jobsPerMs + smoothing * (rate - last.jobsPerMs)
    measured.set(name, { inside, added: 0, atMs, jobsPerMs })
    return jobsPerMs
  }

  return {
    room(name, inside, concurrency) {
      const wanted = Math.max(2 * concurrency, smallestWindowJobs, measure(name, inside) * windowMs)
      const window = Math.round(Math.min(wanted, largestWindowJobs))
      const room = Math.max(0, window - inside)
      const ordinary = Math.max(0, Math.floor(window * (1 - keptShare)) - inside)
      return { room, ordinaryRoom: ordinary < window * gulpShare ? 0 : ordinary }
    },
    added(name, count) {
      const last = measured.get(name)
      if (last) last.added += count
    },
  }
}
