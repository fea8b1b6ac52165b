import { afterAll, beforeAll, expect, test } from 'vitest'
import { findJobStatus } from '../../src/ledger/status.ts'
import { startEngine, type TestEngine } from '../support/engine.ts'
import { gate } from '../support/gate.ts'
import { testJob } from '../support/test-job.ts'
import { until } from '../support/until.ts'

const finishing = gate()
const reporting = testJob(async ({ n }, { progress, signal }) => {
  for (let done = 0; done <= n; done++) progress(done, n, `page ${done}`)
  await Promise.race([finishing.pass(), new Promise(resolve => signal.addEventListener('abort', resolve))])
  return { n }
})
const nonsense = testJob(
  async ({ n }, { progress }) => {
    progress(Number.NaN, n)
    return { n }
  },
  { name: 'test.nonsense', retry: { attempts: 1, firstDelayMs: 100, maxDelayMs: 100, jitter: 0 } },
)

let engine: TestEngine

beforeAll(async () => {
  engine = await startEngine([reporting, nonsense])
})
afterAll(() => engine.close())

test('what a job says of its progress is seen while it runs, the newest of many reports, and goes with its end', async () => {
  const id = await engine.accept(reporting.contract, { n: 1_000 })
  const shown = () => findJobStatus(engine.database.run, id)
  await until('the last report', async () => (await shown())?.progress?.done === 1_000)
  expect((await shown())?.progress).toEqual({ done: 1_000, total: 1_000, message: 'page 1000' })
  finishing.open()
  expect(await engine.ended(id)).toMatchObject({ outcome: 'completed' })
  expect((await shown())?.progress).toBeNull()
})

test('a progress that is no number is a fault of the job', async () => {
  const id = await engine.accept(nonsense.contract, { n: 1 })
  expect(await engine.ended(id)).toMatchObject({
    outcome: 'failed',
    error: { message: expect.stringContaining('done') },
  })
})
