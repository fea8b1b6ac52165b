const firstPauseMs = 100
const longestPauseMs = 5_000
/** On top of what the service asks, so that callers it sent away together do not come back together. */
const spread = 0.25

/** How long to stay away before attempt `next` (2, 3 …): what the service asked, or exponential; always with jitter. */
export function pauseMs(next: number, retryAfterMs: number | null): number {
  if (retryAfterMs !== null) return retryAfterMs * (1 + Math.random() * spread)
  const ceiling = Math.min(longestPauseMs, firstPauseMs * 2 ** (next - 2))
  return ceiling * (0.5 + Math.random() / 2)
}

/** A Retry-After header in ms: seconds or an HTTP date (RFC 9110, 10.2.3); null when absent or unreadable. */
export function retryAfterMsOf(headers: Headers, nowMs = Date.now()): number | null {
  const text = headers.get('retry-after')?.trim() ?? ''
  if (/^\d+$/.test(text)) return Number(text) * 1_000
  const at = Date.parse(text)
  return Number.isNaN(at) ? null : Math.max(0, at - nowMs)
}

/** Waits; rejects with the signal's reason when that fires. */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted()
  await new Promise<void>((resolve, reject) => {
    const abort = () => {
      clearTimeout(timer)
      reject(asError(signal?.reason))
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abort)
      resolve()
    }, ms)
    signal?.addEventListener('abort', abort, { once: true })
  })
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error('aborted', { cause: reason })
}
