import { afterEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { NotYet, PermanentError, ProviderBusy, Skipped } from '../../src/errors.ts'
import { startEngine, type TestEngine } from '../support/engine.ts'
import { testJob } from '../support/test-job.ts'
import { until } from '../support/until.ts'

let engine: TestEngine | undefined
afterEach(async () => {
  await engine?.close()
  engine = undefined
})

async function live(id: string) {
  return await engine?.database
    .knex('hbnb_jobs.job_live')
    .where({ id })
    .first('state', 'attempts', 'run', 'run_at', 'last_error')
}

describe('a job ends as its processor says', () => {
  it('completes with the checked result, and keeps no live row', async () => {
    const type = testJob(async ({ n }) => ({ n: n + 1 }))
    engine = await startEngine([type])
    const id = await engine.accept(type.contract, { n: 1 })
    expect(await engine.ended(id)).toMatchObject({ outcome: 'completed', attempts: 1, result: { n: 2 }, error: null })
    expect(await live(id)).toBeUndefined()
  })

  it('is skipped with its reason', async () => {
    const type = testJob(async () => new Skipped('the world moved on'))
    engine = await startEngine([type])
    const outcome = await engine.ended(await engine.accept(type.contract, { n: 1 }))
    expect(outcome).toMatchObject({ outcome: 'skipped', reason: 'the world moved on', attempts: 1 })
  })

  it('retries an unexpected error until attempts are spent, then fails, and tells its domain once', async () => {
    const deaths: string[] = []
    const type = testJob(
      async () => {
        throw new Error('flaky')
      },
      {},
      async ({ n }, reason, tx) => {
        await tx.raw('select 1')
        deaths.push(`${n} ${reason}`)
      },
    )
    engine = await startEngine([type])
    const id = await engine.accept(type.contract, { n: 7 })
    expect(await engine.ended(id)).toMatchObject({ outcome: 'failed', attempts: 3, error: { message: 'flaky' } })
    const attempts = await engine.database.knex('hbnb_jobs.job_attempts').where({ job_id: id }).orderBy('attempt')
    expect(attempts.map(({ attempt, ending }) => `${attempt} ${ending}`)).toEqual(['1 retry', '2 retry'])
    expect(deaths).toEqual(['7 failed'])
  })

  it('recovers when a later attempt works', async () => {
    const type = testJob(async ({ n }, { job }) => {
      if (job.attempt < 3) throw new Error('not yet')
      return { n }
    })
    engine = await startEngine([type])
    const outcome = await engine.ended(await engine.accept(type.contract, { n: 1 }))
    expect(outcome).toMatchObject({ outcome: 'completed', attempts: 3 })
  })

  it('fails at once on a permanent error', async () => {
    const type = testJob(async () => {
      throw new PermanentError('no-such-thing', 'it is not there')
    })
    engine = await startEngine([type])
    const outcome = await engine.ended(await engine.accept(type.contract, { n: 1 }))
    expect(outcome).toMatchObject({ outcome: 'failed', attempts: 1, error: { code: 'no-such-thing' } })
  })

  it.each([
    ['NotYet', () => new NotYet('early', 'too early', new Date(Date.now() + 300))],
    ['ProviderBusy', () => new ProviderBusy('busy', 'slow down', 300)],
  ])('%s comes back later and costs no attempt', async (_, early) => {
    let runs = 0
    const type = testJob(async ({ n }) => {
      runs += 1
      if (runs < 3) throw early()
      return { n }
    })
    engine = await startEngine([type])
    const outcome = await engine.ended(await engine.accept(type.contract, { n: 1 }))
    expect(outcome).toMatchObject({ outcome: 'completed', attempts: 1 })
    expect(runs).toBe(3)
  })

  it('gives a long retry back to the ledger, so that it does not fill the queue', async () => {
    const type = testJob(
      async () => {
        throw new Error('later')
      },
      { retry: { attempts: 5, firstDelayMs: 60_000, maxDelayMs: 60_000, jitter: 0 } },
    )
    engine = await startEngine([type])
    const id = await engine.accept(type.contract, { n: 1 })
    const row = await until('the job is back in the ledger', async () => {
      const found = await live(id)
      return found?.attempts === 1 ? found : undefined
    })
    expect(row.state).toBe('accepted')
  })

  it('fails a result its contract refuses', async () => {
    const wrong = testJob(async () => ({ n: 0.5 }))
    engine = await startEngine([wrong])
    const outcome = await engine.ended(await engine.accept(wrong.contract, { n: 1 }))
    expect(outcome).toMatchObject({ outcome: 'failed', error: { code: 'invalid-result' } })
  })

  it('fails a result the ledger cannot store, and the jobs beside it end as they should', async () => {
    const type = testJob(async ({ n }) => ({ n, ...(n === 1 ? { text: 'NUL \0' } : {}) }), {
      result: z.looseObject({ n: z.int() }),
    })
    engine = await startEngine([type])
    const [bad, good] = await Promise.all([
      engine.accept(type.contract, { n: 1 }),
      engine.accept(type.contract, { n: 2 }),
    ])
    expect(await engine.ended(bad)).toMatchObject({ outcome: 'failed', error: { code: 'unstorable-result' } })
    expect(await engine.ended(good)).toMatchObject({ outcome: 'completed' })
  })

  it('fails a payload its contract refuses', async () => {
    const type = testJob(async ({ n }) => ({ n }))
    engine = await startEngine([type])
    const id = await engine.accept(type.contract, { n: 1 }, { runAt: new Date(Date.now() + 500) })
    await engine.database
      .knex('hbnb_jobs.jobs')
      .where({ id })
      .update({ payload: { n: 'one' } })
    expect(await engine.ended(id)).toMatchObject({ outcome: 'failed', error: { code: 'invalid-payload' } })
  })

  it('skips what has expired', async () => {
    const type = testJob(async ({ n }) => ({ n }))
    engine = await startEngine([type])
    const id = await engine.accept(type.contract, { n: 1 }, { expiresAt: new Date(Date.now() - 1_000) })
    expect(await engine.ended(id)).toMatchObject({ outcome: 'skipped', reason: 'expired' })
  })

  it('hands a newer version back without an attempt', async () => {
    const type = testJob(async ({ n }) => ({ n }))
    engine = await startEngine([type])
    const id = await engine.accept({ ...type.contract, version: 2 }, { n: 1 })
    const row = await until('the job was handed back', async () => {
      const found = await live(id)
      return found?.last_error ? found : undefined
    })
    expect(row).toMatchObject({ state: 'accepted', attempts: 0 })
  })
})

describe('a timeout', () => {
  it('fires the signal and counts as an attempt', async () => {
    const reasons: string[] = []
    const type = testJob(
      async ({ n }, { signal, job }) => {
        if (job.attempt === 2) return { n }
        await new Promise((_, reject) => {
          signal.addEventListener('abort', () => {
            reasons.push(String(signal.reason.name))
            reject(signal.reason)
          })
        })
        return { n }
      },
      { timeoutMs: 150 },
    )
    engine = await startEngine([type])
    const outcome = await engine.ended(await engine.accept(type.contract, { n: 1 }))
    expect(outcome).toMatchObject({ outcome: 'completed', attempts: 2 })
    expect(reasons).toEqual(['TimedOut'])
  })
})
