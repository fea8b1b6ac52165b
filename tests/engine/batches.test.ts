import { afterEach, expect, test } from 'vitest'
import { PermanentError } from '../../src/errors.ts'
import { batchFinder, closeBatch } from '../../src/ledger/batches.ts'
import { openBatch } from '../../src/ledger/open-batch.ts'
import { newJob } from '../../src/ledger/new-job.ts'
import { startEngine, type TestEngine } from '../support/engine.ts'
import { gate } from '../support/gate.ts'
import { testJob } from '../support/test-job.ts'
import { until } from '../support/until.ts'

const failing = 3
const last = 99

let engine: TestEngine | undefined
afterEach(async () => {
  await engine?.close()
  engine = undefined
})

test('when the last job of a closed batch has ended, well or badly, the relay makes one job more, and it runs', async () => {
  const door = gate()
  const ran: number[] = []
  const type = testJob(async ({ n }) => {
    if (n === 5) await door.pass()
    ran.push(n)
    if (n === failing) throw new PermanentError('no-use', 'it cannot be done')
    return { n }
  })
  engine = await startEngine([type])
  const { run } = engine.database
  const whenDone = newJob(type.contract, { n: last })
  const opened = await openBatch(run, { tenant: 'default', about: null, entity: 'booking:42', whenDone }, null)
  const batch = opened.status === 'opened' ? opened.id : expect.unreachable(opened.status)
  const find = batchFinder(run)
  for (const n of [1, 2, failing, 4, 5]) await engine.accept(type.contract, { n }, { batchId: batch })
  await closeBatch(run, batch, 'default')
  await until('all but one have ended', async () => (await find(batch, null))?.open === 1)
  expect(await find(batch, null)).toMatchObject({ doneAt: null, completed: 3, failed: 1 })
  expect(ran).not.toContain(last)

  door.open()
  const done = await until('the batch is done', async () => {
    const found = await find(batch, null)
    return found?.doneAt ? found : undefined
  })
  expect(done).toMatchObject({ total: 5, open: 0, completed: 4, failed: 1 })
  expect(await engine.ended(done.whenDoneJobId ?? '')).toMatchObject({ outcome: 'completed' })
  expect(ran.filter(n => n === last)).toHaveLength(1)
})
