import { setTimeout as delay } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { resumeWithinMs, type Scenario, type Stage } from '../scenario.ts'
import { placeFault } from '../slow-providers.ts'

const insideAtLeast = 200
const sendsTakeMs = 150
const manySends = 100_000
const lookEveryMs = 20
const fillWithinMs = 30_000
const pauseMs = 1_000

/** FLUSHALL while hundreds of jobs are inside. */
export const redisFlush: Scenario = {
  name: 'redis-flush',
  about: 'FLUSHALL with hundreds of jobs inside',
  backends: ['redis'],
  shape: { workers: 1, relays: 1, intakes: 1, jobTypes: 'plain' },
  short: { jobs: 150, perSecond: 120, faults: 1 },
  long: { jobs: 3_000, perSecond: 60, faults: 20 },
  bounds: { resumeMs: resumeWithinMs },
  async play(stage) {
    const { system, size, fault, outage, say } = stage
    const { redis } = system
    if (redis === null) throw new Error('this scenario needs Redis')
    for (const provider of ['sendgrid', 'twilio', 'fcm'] as const) {
      await placeFault(system, { provider, kind: 'slow', delayMs: sendsTakeMs, times: manySends })
    }
    const client = new Redis(redis.url)
    try {
      for (let flushes = 1; flushes <= size.faults; flushes += 1) {
        await filled(stage)
        const { inside, backAt } = await outage()
        await client.flushall()
        backAt(Date.now())
        fault()
        say(`flushed with ${inside} jobs waiting inside`)
        await delay(pauseMs)
      }
    } finally {
      client.disconnect()
    }
    await system.sandbox.clearFaults()
  },
}

/** Waits until the ledger has handed hundreds of jobs to the queue, or the load is too small for that. */
async function filled({ system }: Stage): Promise<void> {
  const deadline = performance.now() + fillWithinMs
  while (performance.now() < deadline) {
    const [row] = await system.database
      .knex('hbnb_jobs.job_live')
      .where({ state: 'queued' })
      .count<{ count: string }[]>('* as count')
    if (Number(row?.count) >= insideAtLeast) return
    await delay(lookEveryMs)
  }
}
