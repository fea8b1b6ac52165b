import { z } from 'zod'

const waits = z.object({ 'retry-after': z.unknown().optional(), 'x-ratelimit-reset': z.unknown().optional() })

/**
 * How long a provider asks to be left alone, in milliseconds, or null when it does not say.
 * Reads Retry-After (seconds or HTTP date, RFC 9110 10.2.3), then X-RateLimit-Reset (Unix seconds, SendGrid).
 */
export function retryAfterMs(headers: unknown, now: Date): number | null {
  const { data } = waits.safeParse(headers)
  const asked = text(data?.['retry-after'])
  if (/^\d+$/.test(asked)) return Number(asked) * 1_000
  const date = Date.parse(asked)
  if (!Number.isNaN(date)) return Math.max(0, date - now.getTime())
  const reset = text(data?.['x-ratelimit-reset'])
  return /^\d+$/.test(reset) ? Math.max(0, Number(reset) * 1_000 - now.getTime()) : null
}

const text = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '')
