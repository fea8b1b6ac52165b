/** Between passes that were asked for: lets what comes together be seen together. */
const shortestPauseMs = 4
const longestPauseAfterErrorMs = 2_000

/** A repeating piece of work. */
export interface Loop {
  /** Runs the work now, or right after the pass that is under way. */
  readonly wake: () => void
  /** Resolves when the pass under way has ended; no other begins. */
  readonly stop: () => Promise<void>
}

/**
 * Runs `work` again and again: at once when it answers true (there was more to do) or was woken, else after `everyMs`.
 * An error is reported and the next pass waits a little longer each time, so that an outage is not a hot loop.
 */
export function everySoOften(everyMs: number, onError: (error: unknown) => void, work: () => Promise<boolean>): Loop {
  let timer: NodeJS.Timeout | undefined
  let pass: Promise<void> | undefined
  let woken = false
  let stopped = false
  let failures = 0

  async function once(): Promise<void> {
    woken = false
    let isMore = false
    try {
      isMore = await work()
      failures = 0
    } catch (error) {
      failures += 1
      if (!stopped) onError(error)
    }
    pass = undefined
    if (stopped) return
    const pauseMs = failures > 0 ? Math.min(everyMs * 2 ** failures, longestPauseAfterErrorMs) : everyMs
    timer = setTimeout(start, failures === 0 && (isMore || woken) ? shortestPauseMs : pauseMs)
  }
  function start(): void {
    clearTimeout(timer)
    if (!stopped && pass === undefined) pass = once()
  }

  start()
  return {
    wake() {
      woken = true
      if (failures === 0) start()
    },
    async stop() {
      stopped = true
      clearTimeout(timer)
      await pass
    },
  }
}
