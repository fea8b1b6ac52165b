import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openQueueBackend, type QueueBackend } from '../../src/queue/backend.ts'
import { type LocalRedis, startRedis } from '../../src/setup/redis.ts'
import { until } from '../support/until.ts'
import { type RelayWorld, startRelayWorld } from './relay-world.ts'

let world: RelayWorld | undefined
afterEach(async () => {
  await world?.close()
  world = undefined
})

describe('the copies of rows', () => {
  it('keep a few stack traces, however often they are tried', async () => {
    world = await startRelayWorld()
    await world.accept([{}])
    await world.relay.pass()
    const [copy] = await world.backend.queue(world.contract.name).getWaiting()
    expect(copy?.opts.stackTraceLimit).toBe(3)
  })
})

describe('a process with a queue for each job type', () => {
  it('is not warned of a leak', async () => {
    const warnings: string[] = []
    const note = (warning: Error) => warnings.push(warning.name)
    process.on('warning', note)
    world = await startRelayWorld()
    const { backend } = world
    const queues = Array.from({ length: 40 }, (_, index) => backend.queue(`test.work-${index}`))
    await Promise.all(queues.map(async queue => await queue.getJobCounts('waiting')))
    process.off('warning', note)
    expect(warnings).toEqual([])
  })
})

describe.runIf(process.env.QUEUE_BACKEND === 'redis')('a Redis of one test', () => {
  let redis: LocalRedis
  let backend: QueueBackend | undefined
  beforeEach(async () => {
    redis = await startRedis()
  })
  afterEach(async () => {
    await backend?.close()
    backend = undefined
    await redis.stop()
  })

  it('may start after its queues were opened', async () => {
    await redis.kill()
    backend = openQueueBackend({ url: redis.url, prefix: 'late' })
    const queue = backend.queue('test.work')
    await expect(queue.getJobCounts('waiting')).rejects.toThrow()
    await redis.restart()
    await until('the queue can be used', async () => {
      return await queue.add('test.work', { id: 'a', run: 1, traceparent: null }, { jobId: 'a.1' }).catch(() => false)
    })
    expect(await queue.getJobState('a.1')).toBe('waiting')
    expect(await queue.getJobCounts('waiting')).toEqual({ waiting: 1 })
  })

  it('that is frozen fails the pass, and the next one is done when it is back', async () => {
    world = await startRelayWorld({}, { QUEUE_URL: redis.url })
    const [id] = await world.accept([{}])
    process.kill(redis.pid, 'SIGSTOP')
    try {
      await expect(world.relay.pass()).rejects.toThrow(/timed out/)
    } finally {
      process.kill(redis.pid, 'SIGCONT')
    }
    expect(await world.relay.pass()).toBe(1)
    expect(await world.serve(1)).toEqual([id])
    await world.close()
    world = undefined
  })
})
