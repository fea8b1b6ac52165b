import { afterEach, describe, expect, it } from 'vitest'
import { acceptJobs } from '../../src/ledger/accept.ts'
import { newJob } from '../../src/ledger/new-job.ts'
import { startEngine, type TestEngine } from '../support/engine.ts'
import { gate } from '../support/gate.ts'
import { testJob } from '../support/test-job.ts'
import { until } from '../support/until.ts'

let engine: TestEngine | undefined
afterEach(async () => {
  await engine?.close()
  engine = undefined
})

const oneAtATime = { concurrency: { perProcess: 1, everywhere: 'unlimited' } } as const

async function countWhere(where: Record<string, unknown>): Promise<number> {
  const rows = await engine?.database.knex('hbnb_jobs.job_live').where(where).count<{ count: string }[]>()
  return Number(rows?.[0]?.count)
}

async function isQueued(id: string): Promise<boolean> {
  return (await countWhere({ id, state: 'queued' })) === 1
}

async function waitingCopies(): Promise<number> {
  return (await engine?.backend.queue('test.work').getJobCounts('waiting'))?.waiting ?? 0
}

describe('the relay', () => {
  it('lets a tenant with nothing inside go before another one with a thousand waiting', async () => {
    const started: number[] = []
    const door = gate()
    const type = testJob(async ({ n }) => {
      started.push(n)
      await door.pass()
      return { n }
    }, oneAtATime)
    engine = await startEngine([type])
    const many = Array.from({ length: 1_000 }, () => newJob(type.contract, { n: 1 }, { tenant: 'busy' }))
    await acceptJobs(engine.database.run, many)
    await until(
      'the busy tenant is inside',
      async () => started.length === 1 && (await countWhere({ state: 'queued' })) > 50,
    )
    const before = await until('the window is full', async () => {
      const seen = await waitingCopies()
      return seen === (await countWhere({ state: 'queued' })) && seen
    })
    const id = await engine.accept(type.contract, { n: 2 }, { tenant: 'small' })
    await until('the small one is in', async () => (await isQueued(id)) && (await waitingCopies()) > before)
    door.letOne()
    await until('another one runs', () => started.length === 2)
    expect(started).toEqual([1, 2])
    door.open()
  })

  it('serves a higher priority first', async () => {
    const started: number[] = []
    const door = gate()
    const type = testJob(async ({ n }) => {
      started.push(n)
      await door.pass()
      return { n }
    }, oneAtATime)
    engine = await startEngine([type])
    await engine.accept(type.contract, { n: 1 })
    await until('the first runs', () => started.length === 1)
    const low = await engine.accept(type.contract, { n: 9 }, { priority: 9 })
    const usual = await engine.accept(type.contract, { n: 5 })
    await until(
      'both wait',
      async () => (await isQueued(low)) && (await isQueued(usual)) && (await waitingCopies()) === 2,
    )
    await engine.accept(type.contract, { n: 2 }, { priority: 1 })
    await until('the urgent one waits', async () => (await waitingCopies()) === 3)
    door.letOne()
    await until('the next runs', () => started.length === 2)
    expect(started).toEqual([1, 2])
    door.open()
  })

  it('keeps what the queue cannot drain soon in Postgres', async () => {
    const door = gate()
    const type = testJob(async ({ n }) => {
      await door.pass()
      return { n }
    }, oneAtATime)
    engine = await startEngine([type])
    await acceptJobs(
      engine.database.run,
      Array.from({ length: 3_000 }, (_, n) => newJob(type.contract, { n })),
    )
    await until('the queue is topped up', async () => (await countWhere({ state: 'queued' })) >= 80)
    const inside = await engine.backend.queue(type.contract.name).getJobCounts('waiting', 'active', 'delayed')
    const total = Object.values(inside).reduce((sum, count) => sum + count, 0)
    expect(total).toBeLessThanOrEqual(120)
    expect(await countWhere({ state: 'accepted' })).toBeGreaterThan(2_800)
    door.open()
  })
})

describe('a limit per key', () => {
  it('is never passed, and other keys are not held up by it', async () => {
    const running = new Map<number, number>()
    let most = 0
    const door = gate()
    const type = testJob(
      async ({ n }) => {
        running.set(n, (running.get(n) ?? 0) + 1)
        most = Math.max(most, running.get(n) ?? 0)
        if (n === 1) await door.pass()
        running.set(n, (running.get(n) ?? 0) - 1)
        return { n }
      },
      { perKey: { by: ['n'], maxInFlight: 2 } },
    )
    engine = await startEngine([type])
    const ids: string[] = []
    for (let copy = 0; copy < 6; copy += 1) ids.push(await engine.accept(type.contract, { n: 1 }))
    const other = await engine.accept(type.contract, { n: 2 })
    expect(await engine.ended(other)).toMatchObject({ outcome: 'completed' })
    await until('two of the first key run', () => running.get(1) === 2)
    door.open()
    for (const id of ids) expect(await engine.ended(id)).toMatchObject({ outcome: 'completed' })
    expect(most).toBe(2)
  })
})

describe('a unique key', () => {
  it('runs the newest of those that wait, after the one that runs, and ends the others as superseded', async () => {
    const ran: number[] = []
    const door = gate()
    const type = testJob(
      async ({ n, v = 0 }) => {
        ran.push(v)
        await door.pass()
        return { n }
      },
      { unique: { by: ['n'] } },
    )
    engine = await startEngine([type])
    const ids = [await engine.accept(type.contract, { n: 1, v: 1 })]
    await until('the first runs', () => ran.length === 1)
    for (let v = 2; v <= 6; v += 1) ids.push(await engine.accept(type.contract, { n: 1, v }))
    const newest = ids.at(-1) ?? ''
    for (const id of ids.slice(1, -1)) {
      const superseded = { outcome: 'skipped', reason: expect.stringMatching(/^superseded by [0-9a-f-]{36}$/) }
      expect(await engine.ended(id)).toMatchObject(superseded)
    }
    expect(ran).toEqual([1])
    door.open()
    expect(await engine.ended(newest)).toMatchObject({ outcome: 'completed' })
    expect(ran).toEqual([1, 6])
  })

  it('does not end one whose effect may have happened', async () => {
    const type = testJob(async ({ n }) => ({ n }), { unique: { by: ['n'] } })
    engine = await startEngine([type])
    const { knex } = engine.database
    const later = new Date(Date.now() + 600_000)
    const older = await engine.accept(type.contract, { n: 1, v: 1 }, { runAt: later })
    const newer = await engine.accept(type.contract, { n: 1, v: 2 }, { runAt: later })
    await knex('hbnb_jobs.effects').insert({ id: older, job_id: older, key: 'k', provider: 'p', state: 'unknown' })
    await knex('hbnb_jobs.job_live').whereIn('id', [older, newer]).update({ run_at: new Date() })
    expect(await engine.ended(newer)).toMatchObject({ outcome: 'completed' })
    expect(await engine.ended(older)).toMatchObject({ outcome: 'completed' })
  })

  it('is checked again by the claim: a queued one that is overtaken does nothing', async () => {
    const ran: number[] = []
    const door = gate()
    const type = testJob(
      async ({ n, v = 0 }) => {
        ran.push(v)
        if (n === 0) await door.pass()
        return { n }
      },
      { unique: { by: ['n'] }, ...oneAtATime },
    )
    engine = await startEngine([type])
    await engine.accept(type.contract, { n: 0, v: 0 })
    await until('the worker is busy', () => ran.length === 1)
    const overtaken = await engine.accept(type.contract, { n: 1, v: 1 })
    await until('it is queued', async () => await isQueued(overtaken))
    const newest = await engine.accept(type.contract, { n: 1, v: 2 })
    door.open()
    expect(await engine.ended(overtaken)).toMatchObject({ outcome: 'skipped', reason: `superseded by ${newest}` })
    expect(await engine.ended(newest)).toMatchObject({ outcome: 'completed' })
    expect(ran).toEqual([0, 2])
  })
})
