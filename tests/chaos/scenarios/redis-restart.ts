import { setTimeout as delay } from 'node:timers/promises'
import { resumeWithinMs, type Scenario } from '../scenario.ts'

/** Longer than it may take to run again, or the next restart would count into this one. */
const shortestPauseMs = 5_500
const longestPauseMs = 7_500

/** Redis is restarted in order, or killed and started again: with appendfsync everysec it may forget its last second. */
export const redisRestart: Scenario = {
  name: 'redis-restart',
  about: 'Redis restarted under load, in order or by kill -9',
  backends: ['redis'],
  shape: { workers: 1, relays: 1, intakes: 1, jobTypes: 'plain' },
  short: { jobs: 80, perSecond: 8, faults: 2 },
  long: { jobs: 1_600, perSecond: 10, faults: 24 },
  bounds: { resumeMs: resumeWithinMs, burntAttempts: 0 },
  async play({ system: { redis }, random, size, fault, outage, say }) {
    if (redis === null) throw new Error('this scenario needs Redis')
    for (let restarts = 1; restarts <= size.faults; restarts += 1) {
      await delay(random.int(shortestPauseMs, longestPauseMs))
      const { inside, backAt } = await outage()
      if (random.chance(0.5)) await redis.kill()
      await redis.restart()
      backAt(Date.now())
      fault()
      say(`restarted Redis with ${inside} jobs waiting inside`)
    }
  },
}
