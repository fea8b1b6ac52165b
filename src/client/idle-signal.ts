/** A signal that fires when nothing has been heard for too long, and when it is no longer needed. */
export interface IdleSignal {
  readonly signal: AbortSignal
  /** When `beat` was last called, as performance.now() counts; -Infinity before. */
  readonly lastBeatMs: () => number
  /** Something was heard. */
  readonly beat: () => void
  /** Also ends whatever the signal was given to. */
  readonly end: () => void
}

export function idleSignal(idleMs: number): IdleSignal {
  const controller = new AbortController()
  let beatMs = Number.NEGATIVE_INFINITY
  const watch = () => setTimeout(() => controller.abort(new Error(`nothing was heard for ${idleMs} ms`)), idleMs)
  let timer = watch()
  return {
    signal: controller.signal,
    lastBeatMs: () => beatMs,
    beat() {
      beatMs = performance.now()
      clearTimeout(timer)
      timer = watch()
    },
    end() {
      clearTimeout(timer)
      controller.abort()
    },
  }
}
