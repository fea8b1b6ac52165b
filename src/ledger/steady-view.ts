/** A look that comes later than this after the last one means that something stood still: Postgres, or we. */
const longestGapMs = 3_000

/** How long somebody has been looking without a break. */
export interface SteadyView {
  /** Notes a look that succeeded. */
  seen(): void
  forMs(): number
}

/** Whoever has been blind cannot say that others were silent. */
export function steadyView(now: () => number = () => performance.now()): SteadyView {
  let sinceMs = now()
  let lastMs = sinceMs
  const breakIfLate = () => {
    if (now() - lastMs > longestGapMs) sinceMs = now()
  }
  return {
    seen() {
      breakIfLate()
      lastMs = now()
    },
    forMs() {
      breakIfLate()
      return now() - sinceMs
    },
  }
}
