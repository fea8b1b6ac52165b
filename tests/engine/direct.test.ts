import { afterEach, describe, expect, it } from 'vitest'
import { newJob } from '../../src/ledger/new-job.ts'
import { enqueueDirect } from '../../src/queue/enqueue-direct.ts'
import { startEngine, type TestEngine } from '../support/engine.ts'
import { testJob } from '../support/test-job.ts'
import { until } from '../support/until.ts'

let engine: TestEngine
afterEach(async () => {
  await engine.close()
})

async function stateOf(id: string): Promise<string> {
  return await engine.backend.queue('test.work').getJobState(id)
}

describe('a job that lives in the queue alone', () => {
  it('runs with its retries, and the ledger hears nothing of it', async () => {
    const attempts: number[] = []
    const type = testJob(
      async ({ n }, { job }) => {
        attempts.push(job.attempt)
        if (job.attempt === 1) throw new Error('once more')
        return { n }
      },
      { durability: 'queue' },
    )
    engine = await startEngine([type])
    const job = newJob(type.contract, { n: 1 })
    await enqueueDirect(engine.backend, type.contract, [job])
    await until('it has ended', async () => (await stateOf(job.id)) === 'completed')
    expect(attempts).toEqual([1, 2])
    for (const table of ['jobs', 'job_live', 'job_outcomes', 'job_attempts']) {
      expect(await engine.database.knex(`hbnb_jobs.${table}`)).toEqual([])
    }
  })

  it('fails when its attempts are spent', async () => {
    const type = testJob(
      async () => {
        throw new Error('never')
      },
      { durability: 'queue' },
    )
    engine = await startEngine([type])
    const job = newJob(type.contract, { n: 1 })
    await enqueueDirect(engine.backend, type.contract, [job])
    await until('it has failed', async () => (await stateOf(job.id)) === 'failed')
  })

  it('may hold no effect', async () => {
    const refused: string[] = []
    const type = testJob(
      async ({ n }, { effect }) => {
        const policy = {
          provider: 'p',
          maxPerCall: 1,
          sendWithinMs: 1_000,
          settle: async () => 'cannot-tell' as const,
          whenUnsettled: { afterMs: 0, action: 'close' as const },
        }
        await effect('k', policy, async () => ({ id: 'x' })).catch((error: Error) => refused.push(error.message))
        return { n }
      },
      { durability: 'queue' },
    )
    engine = await startEngine([type])
    const job = newJob(type.contract, { n: 1 })
    await enqueueDirect(engine.backend, type.contract, [job])
    await until('it has ended', async () => (await stateOf(job.id)) === 'completed')
    expect(refused).toEqual(['an effect needs a job of the ledger: durability `ledger`'])
  })
})
