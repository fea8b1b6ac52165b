import type { Retry } from '../../queues/define-job.ts'

/**
 * How long to wait after a failed attempt (1 = the first): exponential, capped, minus a random part of up to `jitter`,
 * so that a thousand jobs failed together do not come back together. `random` is in [0, 1).
 */
export function retryDelayMs(retry: Retry, failedAttempt: number, random: number = Math.random()): number {
  const full = Math.min(retry.maxDelayMs, retry.firstDelayMs * 2 ** (failedAttempt - 1))
  return Math.round(full * (1 - retry.jitter * random))
}
