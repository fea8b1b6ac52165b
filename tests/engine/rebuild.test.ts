import { Redis } from 'ioredis'
import { afterEach, beforeAll, describe, expect, inject, it } from 'vitest'
import { acceptJobs } from '../../src/ledger/accept.ts'
import { newJob } from '../../src/ledger/new-job.ts'
import { limitQueue } from '../../src/ledger/settings.ts'
import { startEngine, type TestEngine } from '../support/engine.ts'
import { gate } from '../support/gate.ts'
import { testJob } from '../support/test-job.ts'
import { until } from '../support/until.ts'

let engine: TestEngine | undefined
let redis: Redis
beforeAll(() => {
  redis = new Redis(inject('redisUrl') ?? '', { lazyConnect: true })
  return () => redis.disconnect()
})
afterEach(async () => {
  await engine?.close()
  engine = undefined
})

/** What FLUSHALL does, to this test's own keys: the server is shared with other tests. */
async function forget(prefix: string, only: (key: string) => boolean = () => true): Promise<number> {
  const keys = (await redis.keys(`${prefix}:*`)).filter(only)
  return keys.length === 0 ? 0 : await redis.del(...keys)
}

async function marked(test: TestEngine): Promise<number> {
  const row = await until('the queues are marked', async () => {
    return await test.database.knex('hbnb_jobs.queue_slots').first<{ number: string } | undefined>('number')
  })
  return Number(row.number)
}

describe.runIf(process.env.QUEUE_BACKEND === 'redis')('a queue that has lost its jobs', () => {
  it('is rebuilt from the ledger at once, with its settings', async () => {
    const door = gate()
    const type = testJob(
      async ({ n }) => {
        await door.pass()
        return { n }
      },
      { concurrency: { perProcess: 2, everywhere: 'unlimited' } },
    )
    engine = await startEngine([type])
    const { run, knex } = engine.database
    const jobs = Array.from({ length: 80 }, (_, n) => newJob(type.contract, { n }))
    await acceptJobs(run, jobs)
    await limitQueue(run, type.contract.name, { concurrency: 4, rateMax: null, ratePeriodMs: null })
    const queue = engine.backend.queue(type.contract.name)
    await until('the queue is full and limited', async () => {
      return (await queue.getGlobalConcurrency()) === 4 && (await queue.getJobCounts('waiting')).waiting === 78
    })
    await marked(engine)
    expect(await forget(engine.config.queue.prefix)).toBeGreaterThan(80)
    await until('copies are back', async () => (await queue.getJobCounts('waiting')).waiting === 78, 5_000)
    expect(await queue.getGlobalConcurrency()).toBe(4)
    door.open()
    for (const { id } of jobs) expect(await engine.ended(id)).toMatchObject({ outcome: 'completed', attempts: 1 })
    expect(await knex('hbnb_jobs.job_live')).toEqual([])
  })

  it('is noticed when an older copy of the data came back', async () => {
    const door = gate()
    const type = testJob(
      async ({ n }) => {
        await door.pass()
        return { n }
      },
      { concurrency: { perProcess: 1, everywhere: 'unlimited' } },
    )
    engine = await startEngine([type])
    const ids = [await engine.accept(type.contract, { n: 1 }), await engine.accept(type.contract, { n: 2 })]
    const queue = engine.backend.queue(type.contract.name)
    await until('one waits', async () => (await queue.getJobCounts('waiting')).waiting === 1)
    await marked(engine)
    const { prefix } = engine.config.queue
    await forget(prefix, key => !key.endsWith(':ledger-mark'))
    await redis.set(`${prefix}:${type.contract.name}:ledger-mark`, '0')
    await until('its copy is back', async () => (await queue.getJobCounts('waiting')).waiting === 1, 5_000)
    door.open()
    for (const id of ids) expect(await engine.ended(id)).toMatchObject({ outcome: 'completed' })
  })
})
