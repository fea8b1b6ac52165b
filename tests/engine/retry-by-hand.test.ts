import { afterAll, beforeAll, expect, it } from 'vitest'
import { PermanentError } from '../../src/errors.ts'
import { retryEnded } from '../../src/ledger/retry-ended.ts'
import { startEngine, type TestEngine } from '../support/engine.ts'
import { testJob } from '../support/test-job.ts'

let engine: TestEngine
/** What the outside world was asked to do, by number and key. */
const sent: string[] = []
const broken = new Set<number>()

const policy = {
  provider: 'test',
  maxPerCall: 1,
  sendWithinMs: 1_000,
  settle: async () => 'cannot-tell' as const,
  whenUnsettled: { afterMs: 1_000, action: 'close' as const },
}

const type = testJob(async ({ n }, { effects, effect }) => {
  await effects(['first'], policy, async sendings =>
    sendings.map(({ key }) => {
      sent.push(`${n} ${key}`)
      return { id: key }
    }),
  )
  await effect('second', policy, async ({ key }) => {
    if (broken.has(n)) throw new PermanentError('refused', 'the provider refused it')
    sent.push(`${n} ${key}`)
    return { id: key }
  })
  return { n }
})

beforeAll(async () => {
  engine = await startEngine([type])
})
afterAll(() => engine.close())

it('a failed job that is retried goes on where it failed: what took effect is not repeated', async () => {
  broken.add(1)
  const id = await engine.accept(type.contract, { n: 1 })
  expect(await engine.ended(id)).toMatchObject({ outcome: 'failed', error: { code: 'refused' } })
  // Once more in vain: the copy of every life must find its way into the queue.
  for (const isStillBroken of [true, false]) {
    if (!isStillBroken) broken.clear()
    expect((await retryEnded(engine.database.run, [id])).get(id)).toBe('retried')
    expect(await engine.ended(id)).toMatchObject({ outcome: isStillBroken ? 'failed' : 'completed' })
  }
  expect(sent).toEqual(['1 first', '1 second'])
  const attempts = await engine.database.knex('hbnb_jobs.job_attempts').where({ job_id: id }).orderBy('ended_at')
  expect(attempts.map(({ ending }) => ending)).toEqual(['failed', 'failed'])
})
