import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { TemporaryError } from '../../src/errors.ts'
import type { EffectPolicy } from '../../workers/runtime/effect-policy.ts'
import { startEngine, type TestEngine } from '../support/engine.ts'
import { startEngineBehindProxy } from '../support/engine-behind-proxy.ts'
import { gate } from '../support/gate.ts'
import { testJob } from '../support/test-job.ts'
import { until } from '../support/until.ts'

let engine: TestEngine | undefined
afterEach(async () => {
  await engine?.close()
  engine = undefined
})

const longMs = 60_000
const policy: EffectPolicy = {
  provider: 'test',
  maxPerCall: 10,
  sendWithinMs: 20_000,
  settle: async () => 'cannot-tell',
  whenUnsettled: { afterMs: 0, action: 'close' },
}

async function endingsOf(id: string): Promise<string[]> {
  return (await engine?.database.knex('hbnb_jobs.job_attempts').where({ job_id: id }).pluck('ending')) ?? []
}

async function isEnded(processId: number): Promise<boolean> {
  const row = await engine?.database.knex('hbnb_jobs.processes').where({ id: processId }).first('ended_at')
  return row?.ended_at instanceof Date
}

/** Names the shutdown when it does not end, instead of the test's own time-out. */
async function ends(stopping: Promise<void>): Promise<void> {
  let isOver = false
  void stopping.then(() => (isOver = true))
  await until('the shutdown has ended', () => isOver, 10_000)
}

describe('a shutdown that meets its deadline', () => {
  it('ends although the queue is gone', async () => {
    const type = testJob(async ({ n }) => ({ n }))
    const behind = await startEngineBehindProxy([type], 'queue')
    engine = behind
    await engine.ended(await engine.accept(type.contract, { n: 1 }))
    behind.proxy.cut()
    await ends(behind.workers.stop())
    expect(await isEnded(behind.workers.processId)).toBe(true)
  })

  it('ends although a send has no end, and leaves its job to the sweeper', async () => {
    let sends = 0
    const type = testJob(async ({ n }, { effect }) => {
      await effect('one', policy, async () => {
        sends += 1
        return await new Promise<never>(() => {})
      })
      return { n }
    })
    const behind = await startEngineBehindProxy([type])
    engine = behind
    const id = await engine.accept(type.contract, { n: 1 })
    await until('it is being sent', () => sends === 1)
    await ends(behind.workers.stop())
    expect(await isEnded(behind.workers.processId)).toBe(true)
    await until('it is taken back', async () => (await endingsOf(id)).length > 0)
    expect(await endingsOf(id)).toEqual(['crashed'])
    expect(sends).toBe(1)
  })
})

describe('a shutdown that begins during a send', () => {
  it('gives the job its signal when the send is over', async () => {
    const door = gate()
    let [runs, sends] = [0, 0]
    const type = testJob(async ({ n }, { effect, signal }) => {
      runs += 1
      await effect('one', policy, async () => {
        sends += 1
        await door.pass()
        return { id: 'taken' }
      })
      if (runs === 1) await delay(longMs, undefined, { signal })
      return { n }
    })
    engine = await startEngine([type])
    const { knex } = engine.database
    const id = await engine.accept(type.contract, { n: 1 })
    await until('it is being sent', () => sends === 1)
    const stopping = engine.stopWorkers()
    await until('the shutdown has begun', async () => {
      return (await knex('hbnb_jobs.processes').where({ kind: 'worker' }).whereNotNull('draining_at')).length === 1
    })
    door.open()
    await ends(stopping)
    expect(await endingsOf(id)).toEqual(['handed-back'])
    await engine.startWorkers()
    expect(await engine.ended(id)).toMatchObject({ outcome: 'completed', attempts: 1 })
    expect([runs, sends]).toEqual([2, 1])
  })
})

describe('a deploy', () => {
  it.each([
    ['an error of its own', (cause: unknown) => new Error('the request failed', { cause })],
    ['a temporary error', (cause: unknown) => new TemporaryError('aborted', 'the call was aborted', { cause })],
  ])('costs no attempt when a library makes %s of the signal', async (_, wrapped) => {
    let runs = 0
    const type = testJob(async ({ n }, { signal }) => {
      runs += 1
      if (runs > 1) return { n }
      await delay(longMs, undefined, { signal }).catch((cause: unknown) => {
        throw wrapped(cause)
      })
      return { n }
    })
    engine = await startEngine([type])
    const id = await engine.accept(type.contract, { n: 1 })
    await until('it runs', () => runs === 1)
    await ends(engine.stopWorkers())
    await engine.startWorkers()
    expect(await engine.ended(id)).toMatchObject({ outcome: 'completed', attempts: 1 })
    expect(await endingsOf(id)).toEqual(['handed-back'])
  })
})
