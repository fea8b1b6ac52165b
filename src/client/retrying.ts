import { pause, pauseMs } from './pause.ts'
import { JobsProblem, JobsUnreachable } from './problem.ts'

/**
 * `safe`: a repeat changes nothing more, so whatever may pass is tried again.
 * `once`: only what was certainly not done is tried again.
 */
export type Repeat = 'safe' | 'once'

/** Where and how long to go on. */
export interface Bounds {
  readonly repeat: Repeat
  /** For all attempts and the pauses between them. */
  readonly deadlineMs: number
  readonly signal?: AbortSignal | undefined
}

/** Runs `attempt` until it succeeds, fails for good, or the next try would start too late; then throws what it threw. */
export async function retrying<T>(attempt: (leftMs: number) => Promise<T>, bounds: Bounds): Promise<T> {
  const { repeat, deadlineMs, signal } = bounds
  const endsAtMs = performance.now() + deadlineMs
  for (let next = 2; ; next += 1) {
    try {
      return await attempt(Math.max(1, endsAtMs - performance.now()))
    } catch (error) {
      signal?.throwIfAborted()
      if (!mayPass(error, repeat)) throw error
      const ms = pauseMs(next, error instanceof JobsProblem ? error.retryAfterMs : null)
      if (performance.now() + ms >= endsAtMs) throw error
      await pause(ms, signal)
    }
  }
}

/** Refusals that say that nothing was done, so that even what must not be doubled may be sent again. */
const nothingDone = new Set(['overloaded', 'queue-away', 'not-ready', 'too-many-waiting', 'rate-limited'])
/** Beside 429 and 503: what a gateway says while the service behind it restarts. */
const passing = new Set([408, 502, 503, 504])
/** Faults before a connection stood. */
const neverSent = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'])

/** Whether the same call may succeed later, and may be made again. */
export function mayPass(error: unknown, repeat: Repeat): boolean {
  if (error instanceof JobsUnreachable) return repeat === 'safe' || neverSent.has(causeCode(error))
  if (!(error instanceof JobsProblem)) return false
  if (error.status === 429 || nothingDone.has(error.code)) return true
  return repeat === 'safe' && (passing.has(error.status) || error.code === 'request-in-flight')
}

/** fetch hides the system's error one level down. */
function causeCode({ cause }: Error): string {
  for (let error = cause; error instanceof Error; error = error.cause) {
    if ('code' in error && typeof error.code === 'string') return error.code
  }
  return ''
}
