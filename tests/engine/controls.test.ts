import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { ConfigError, ProviderBusy } from '../../src/errors.ts'
import { holdBudget } from '../../src/ledger/holds.ts'
import { limitQueue, listSettings, pauseQueue, resumeQueue } from '../../src/ledger/settings.ts'
import { startEngine, type TestEngine } from '../support/engine.ts'
import { gate } from '../support/gate.ts'
import { testJob } from '../support/test-job.ts'
import { until } from '../support/until.ts'

let engine: TestEngine | undefined
afterEach(async () => {
  await engine?.close()
  engine = undefined
})

async function liveRow(id: string) {
  return await engine?.database.knex('hbnb_jobs.job_live').where({ id }).first('state', 'attempts', 'run')
}

describe('a pause', () => {
  it('takes back what waits in the queue, lets nothing start, and everything goes on when it ends', async () => {
    const door = gate()
    const started: number[] = []
    const type = testJob(
      async ({ n }) => {
        started.push(n)
        await door.pass()
        return { n }
      },
      { concurrency: { perProcess: 1, everywhere: 'unlimited' } },
    )
    engine = await startEngine([type])
    const { run } = engine.database
    const ids: string[] = []
    for (let n = 1; n <= 4; n += 1) ids.push(await engine.accept(type.contract, { n }))
    await until('one runs', () => started.length === 1)
    await pauseQueue(run, type.contract.name, 'ada@hbnb.example', 'a test')
    const waiting = ids.slice(1)
    await until('what waits is back in the ledger', async () => {
      const rows = await Promise.all(waiting.map(liveRow))
      return rows.every(row => row?.state === 'accepted')
    })
    door.open()
    expect(await engine.ended(ids[0] ?? '')).toMatchObject({ outcome: 'completed' })
    // Two passes of everything the relay does, in which a held queue must stay empty.
    await delay(2_500)
    expect(started).toEqual([1])
    expect(await listSettings(run)).toMatchObject([{ pausedBy: 'ada@hbnb.example', pausedReason: 'a test' }])

    expect(await resumeQueue(run, type.contract.name)).toBe(true)
    for (const id of waiting) expect(await engine.ended(id)).toMatchObject({ outcome: 'completed', attempts: 1 })
  })
})

describe('refused credentials', () => {
  it('pause the queue at no attempt; a probe that is refused keeps it paused, one that gets through ends the pause', async () => {
    let isRefused = true
    let calls = 0
    const type = testJob(async ({ n }) => {
      calls += 1
      if (isRefused) throw new ConfigError('key-refused', 'our key was refused')
      return { n }
    })
    engine = await startEngine([type])
    const { run, knex } = engine.database
    const first = await engine.accept(type.contract, { n: 1 })
    const paused = await until('the queue is paused', async () => (await listSettings(run)).find(row => row.pausedAt))
    expect(paused).toMatchObject({ pausedBy: 'runtime', pausedReason: 'key-refused: our key was refused' })
    const second = await engine.accept(type.contract, { n: 2 })
    await until('the first is back at no attempt', async () => {
      const row = await liveRow(first)
      return row?.state === 'accepted' && row.attempts === 0
    })

    const probe = async () => await knex('hbnb_jobs.queue_settings').update({ probe_at: new Date() })
    const before = calls
    await probe()
    await until('a probe was refused', () => calls > before)
    await until('the other one was left alone', async () => (await liveRow(second))?.state === 'accepted')
    isRefused = false
    await probe()
    for (const id of [first, second])
      expect(await engine.ended(id)).toMatchObject({ outcome: 'completed', attempts: 1 })
    expect((await listSettings(run))[0]).toMatchObject({ pausedAt: null, probeAt: null })
  })
})

describe('a provider budget', () => {
  const budget = { rateLimit: { budget: 'twilio' } } as const

  it('is held for every queue of it when one is told to wait, at no attempt', async () => {
    const calls: number[] = []
    const busy = testJob(
      async ({ n }) => {
        calls.push(Date.now())
        if (calls.length === 1) throw new ProviderBusy('slow-down', 'the provider says wait', 1_500)
        return { n }
      },
      { ...budget, name: 'test.one' },
    )
    const other = testJob(
      async ({ n }) => {
        calls.push(Date.now())
        return { n }
      },
      { ...budget, name: 'test.two' },
    )
    engine = await startEngine([busy, other])
    const first = await engine.accept(busy.contract, { n: 1 })
    await until('the budget is held', async () => {
      return (await engine?.database.knex('hbnb_jobs.provider_holds').first()) !== undefined
    })
    const second = await engine.accept(other.contract, { n: 2 })
    for (const id of [first, second])
      expect(await engine.ended(id)).toMatchObject({ outcome: 'completed', attempts: 1 })
    expect(calls).toHaveLength(3)
    for (const at of calls.slice(1)) expect(at - (calls[0] ?? 0)).toBeGreaterThan(1_400)
  })

  it('spaces calls to so many per second over all queues', async () => {
    const at: number[] = []
    const type = testJob(async ({ n }) => {
      at.push(Date.now())
      return { n }
    }, budget)
    engine = await startEngine([type], { BUDGET_TWILIO_PER_SECOND: '5' })
    const ids: string[] = []
    for (let n = 0; n < 12; n += 1) ids.push(await engine.accept(type.contract, { n }))
    for (const id of ids) expect(await engine.ended(id)).toMatchObject({ outcome: 'completed', attempts: 1 })
    const sorted = at.toSorted((a, b) => a - b)
    // Of any six calls in a row at least two lie in different seconds of the limiter.
    expect((sorted.at(-1) ?? 0) - (sorted[0] ?? 0)).toBeGreaterThan(1_000)
  })

  it('never lets a shorter wait replace a longer one', async () => {
    engine = await startEngine([testJob(async ({ n }) => ({ n }))])
    const { run, knex } = engine.database
    await holdBudget(run, 'fcm', 60_000, 'long')
    await holdBudget(run, 'fcm', 1_000, 'short')
    const row = await knex('hbnb_jobs.provider_holds').where({ budget: 'fcm' }).first('held_until')
    expect(row.held_until.getTime() - Date.now()).toBeGreaterThan(50_000)
  })
})

describe('limits everywhere', () => {
  it('are mirrored into the queue when they are set and when they go', async () => {
    const type = testJob(async ({ n }) => ({ n }))
    engine = await startEngine([type])
    const queue = engine.backend.queue(type.contract.name)
    const limit = (concurrency: number | null) =>
      limitQueue(engine?.database.run ?? neverRun, type.contract.name, {
        concurrency,
        rateMax: null,
        ratePeriodMs: null,
      })
    await limit(3)
    await until('the limit is there', async () => (await queue.getGlobalConcurrency()) === 3)
    await limit(null)
    await until('the limit is gone', async () => (await queue.getGlobalConcurrency()) === null)
  })
})

async function neverRun(): Promise<never> {
  throw new Error('there is no engine')
}
