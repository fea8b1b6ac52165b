/** How many tries a key has within a window. */
export interface AttemptRule {
  readonly max: number
  readonly windowMs: number
  /** The oldest keys are forgotten beyond this, so that nobody can fill our memory. */
  readonly maxKeys: number
}

export interface AttemptLimit {
  /** Counts a try. Answers 0, or how many ms to wait when there were too many. */
  take(key: string): number
  forget(key: string): void
}

/** Counts tries per key in memory: good for one process, which is what a guesser meets. */
export function attemptLimit({ max, windowMs, maxKeys }: AttemptRule, now: () => number = Date.now): AttemptLimit {
  const windows = new Map<string, { tries: number; endsMs: number }>()
  return {
    take(key) {
      const known = windows.get(key)
      const window = known && known.endsMs > now() ? known : { tries: 0, endsMs: now() + windowMs }
      window.tries += 1
      windows.delete(key)
      windows.set(key, window)
      const [oldest] = windows.keys()
      if (windows.size > maxKeys && oldest !== undefined) windows.delete(oldest)
      return window.tries > max ? window.endsMs - now() : 0
    },
    forget(key) {
      windows.delete(key)
    },
  }
}
