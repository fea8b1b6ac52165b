import { setTimeout as delay } from 'node:timers/promises'
import { resumeWithinMs, type Scenario } from '../scenario.ts'

const awayMs = { short: 10_000, long: 60_000 }
/** Longer than it may take to run again, or the next outage would count into this one. */
const shortestPauseMs = 6_000
const longestPauseMs = 9_000

/** Redis is gone for a while, refusing connections or frozen; the intake goes on accepting. */
export const redisAway: Scenario = {
  name: 'redis-away',
  about: 'Redis gone for 10 s (60 s in the long run): refused, or hanging',
  backends: ['redis'],
  shape: { workers: 1, relays: 1, intakes: 1, jobTypes: 'plain' },
  short: { jobs: 60, perSecond: 5, faults: 1 },
  long: { jobs: 1_000, perSecond: 5, faults: 20 },
  bounds: { resumeMs: resumeWithinMs, burntAttempts: 0 },
  async play({ system: { redis }, random, size, isLong, fault, outage, say }) {
    if (redis === null) throw new Error('this scenario needs Redis')
    for (let outages = 1; outages <= size.faults; outages += 1) {
      await delay(random.int(shortestPauseMs, longestPauseMs))
      const hangs = random.chance(0.3)
      const { inside, backAt } = await outage()
      if (hangs) process.kill(redis.pid, 'SIGSTOP')
      else await redis.kill()
      say(`Redis ${hangs ? 'hangs' : 'is gone'} with ${inside} jobs waiting inside`)
      await delay(isLong ? awayMs.long : awayMs.short)
      if (hangs) process.kill(redis.pid, 'SIGCONT')
      else await redis.restart()
      backAt(Date.now())
      fault()
    }
  },
}
