import { pino } from 'pino'
import { afterEach, describe, expect, it } from 'vitest'
import { registerProcess } from '../../src/ledger/processes.ts'
import { pauseQueue, resumeQueue } from '../../src/ledger/settings.ts'
import type { CopyWorker } from '../../src/queue/backend.ts'
import { watchLiveness } from '../../workers/runtime/liveness.ts'
import { runningJobs } from '../../workers/runtime/running.ts'
import { startEngine, type TestEngine } from '../support/engine.ts'
import { testJob } from '../support/test-job.ts'
import { until } from '../support/until.ts'

const pace = { wedgedAfterMs: 300, lookEveryMs: 50 }
const type = testJob(async ({ n }) => ({ n }))

let engine: TestEngine
let deaf: CopyWorker
let stop: (() => Promise<void>)[]
afterEach(async () => {
  for (const step of stop) await step()
  await engine.close()
})

/** A worker that is connected and never fetches, watched as start-workers.ts watches its own. */
async function watchDeafWorker(): Promise<string[]> {
  engine = await startEngine([type])
  await engine.stopWorkers()
  const { backend, database } = engine
  deaf = backend.worker(type.contract.name, async () => '', { concurrency: 1, autorun: false })
  // BullMQ writes to the console what nobody listens to; here the end of the test cuts a connection.
  deaf.on('error', () => {})
  await deaf.waitUntilReady()
  const registered = await registerProcess(database.run, 'worker', { onMissed: () => {} })
  const said: string[] = []
  const watch = watchLiveness(
    {
      workers: [deaf],
      backend,
      running: runningJobs(),
      run: database.run,
      processId: () => registered.id,
      condemn: reason => said.push(reason),
      log: pino({ level: 'silent' }),
    },
    pace,
  )
  stop = [watch.stop, () => deaf.close(), () => registered.end()]
  return said
}

describe('a worker that is connected but does not fetch', () => {
  it('asks to be replaced, once in ten minutes, and says why', async () => {
    const said = await watchDeafWorker()
    await engine.accept(type.contract, { n: 1 })
    await until('it was condemned', () => said.length === 1)
    expect(said[0]).toContain('test.work: copies wait and a slot is free')
    const row = await engine.database.knex('hbnb_jobs.processes').whereNotNull('condemned_at').first('condemned_reason')
    expect(row.condemned_reason).toBe(said[0])
    // The same cause goes on for several looks and is not acted on again.
    await until('several looks more', async () => {
      const started = performance.now()
      return await until('time passes', () => performance.now() - started > 4 * pace.wedgedAfterMs)
    })
    expect(said).toHaveLength(1)
  })

  it('is left alone while there is nothing to fetch, or its queue is paused', async () => {
    const said = await watchDeafWorker()
    const { run } = engine.database
    await pauseQueue(run, type.contract.name, 'test', 'a test')
    await until('the queue is paused', async () => await engine.backend.queue(type.contract.name).isPaused())
    await engine.accept(type.contract, { n: 1 })
    const started = performance.now()
    await until('several looks', () => performance.now() - started > 4 * pace.wedgedAfterMs)
    expect(said).toEqual([])
    await resumeQueue(run, type.contract.name)
    await until('it was condemned', () => said.length === 1)
  })
})
