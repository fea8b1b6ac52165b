import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible'
import type { QueueBackend } from '../../queue/backend.ts'

/** Limits are counted over this long. */
export const windowSeconds = 60
/** An intake that waits for the figures of a Redis that hangs would be worse than a limit that is off by a factor. */
const redisAnswersWithinMs = 100
const aloneAfterFailureMs = 5_000
/** Processes take what a key may do from Redis by parts of this size, so that few requests wait for it. */
const partsPerWindow = 1_000

/** Where a caller stands after a request. */
export interface Standing {
  readonly isAllowed: boolean
  /** Requests left in this window, and how long until it is over. */
  readonly left: number
  readonly resetMs: number
}

/** Counts one request of a caller that may make so many in a minute. */
export type TakeRequest = (caller: string, perMinute: number) => Promise<Standing>

/**
 * Counts requests per caller in fixed windows of a minute: in Redis for all processes together where the queues are
 * there, else each process for itself, as it also does for some seconds when Redis does not answer.
 */
export function requestCounter(
  { redis }: Pick<QueueBackend, 'redis'>,
  prefix: string,
  answersWithinMs = redisAnswersWithinMs,
): TakeRequest {
  const alone = memoryCounter()
  if (!redis) return alone
  const shared = redisCounter(redis, prefix, answersWithinMs)
  let aloneUntilMs = 0
  return async (caller, perMinute) => {
    if (performance.now() < aloneUntilMs) return await alone(caller, perMinute)
    try {
      return await shared(caller, perMinute)
    } catch {
      aloneUntilMs = performance.now() + aloneAfterFailureMs
      return await alone(caller, perMinute)
    }
  }
}

function memoryCounter(): TakeRequest {
  const limiters = byLimit(points => new RateLimiterMemory({ points, duration: windowSeconds }))
  return async (caller, perMinute) => standing(await take(() => limiters(perMinute).consume(caller)))
}

/** What this process may still let through without asking Redis again. */
interface Part {
  left: number
  readonly others: number
  readonly endsMs: number
}

function redisCounter(
  storeClient: NonNullable<QueueBackend['redis']>,
  prefix: string,
  answersWithinMs: number,
): TakeRequest {
  const limiters = byLimit(
    points =>
      new RateLimiterRedis({
        storeClient,
        points,
        duration: windowSeconds,
        keyPrefix: `${prefix}:api-keys:${points}`,
        rejectIfRedisNotReady: true,
      }),
  )
  const parts = new Map<string, Part>()
  const asked = new Map<string, Promise<Standing>>()

  async function ask(caller: string, perMinute: number): Promise<Standing> {
    const size = Math.max(1, Math.floor(perMinute / partsPerWindow))
    const got = await within(
      answersWithinMs,
      take(() => limiters(perMinute).consume(caller, size)),
    )
    const { isAllowed, left, resetMs } = standing(got)
    if (isAllowed) parts.set(caller, { left: size, others: left, endsMs: performance.now() + resetMs })
    else parts.delete(caller)
    return { isAllowed, left, resetMs }
  }

  return async (caller, perMinute) => {
    for (;;) {
      const part = parts.get(caller)
      const nowMs = performance.now()
      if (part && part.left > 0 && nowMs < part.endsMs) {
        part.left -= 1
        return { isAllowed: true, left: part.others + part.left, resetMs: part.endsMs - nowMs }
      }
      parts.delete(caller)
      // Requests that come together share one question.
      const question = asked.get(caller) ?? ask(caller, perMinute).finally(() => asked.delete(caller))
      asked.set(caller, question)
      const answer = await question
      if (!answer.isAllowed) return answer
    }
  }
}

/** A limiter knows one limit. */
function byLimit<Limiter>(make: (points: number) => Limiter): (points: number) => Limiter {
  const made = new Map<number, Limiter>()
  return points => {
    const limiter = made.get(points) ?? make(points)
    made.set(points, limiter)
    return limiter
  }
}

/** Too many is thrown by the limiter as its result; whatever else it throws is a fault. */
async function take(consume: () => Promise<RateLimiterRes>): Promise<{ isAllowed: boolean; result: RateLimiterRes }> {
  try {
    return { isAllowed: true, result: await consume() }
  } catch (error) {
    if (error instanceof RateLimiterRes) return { isAllowed: false, result: error }
    throw error
  }
}

function standing({ isAllowed, result }: { isAllowed: boolean; result: RateLimiterRes }): Standing {
  return { isAllowed, left: isAllowed ? result.remainingPoints : 0, resetMs: Math.max(0, result.msBeforeNext) }
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const tooLate = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('Redis does not answer')), ms)
  })
  try {
    return await Promise.race([work, tooLate])
  } finally {
    clearTimeout(timer)
  }
}
