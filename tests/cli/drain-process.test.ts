import { afterAll, beforeAll, expect, test } from 'vitest'
import { startEngine, type TestEngine } from '../support/engine.ts'
import { testJob } from '../support/test-job.ts'
import { commandLine } from './command-line.ts'
import { auditOf } from './given-dead.ts'

let engine: TestEngine

beforeAll(async () => {
  engine = await startEngine([testJob(async ({ n }) => ({ n }))])
})
afterAll(() => engine.close())

test('drain --process ends one worker as SIGTERM would, and leaves the others', async () => {
  const reasons: string[] = []
  const worker = await engine.startWorkers(reason => {
    reasons.push(reason)
    void worker.stop()
  })
  const jobs = commandLine(engine.config.database.url)
  const { code, out } = await jobs('drain', '--process', String(worker.processId), '--by', 'ada@hbnb.example')
  expect([code, out]).toEqual([0, `Process ${worker.processId} has ended.\n`])
  expect(reasons).toEqual(['an operator asked it to drain'])
  expect(await auditOf(engine.database, 'process.drain')).toEqual([
    { actor: 'ada@hbnb.example', target: `process:${worker.processId}`, detail: {}, origin: 'cli' },
  ])
  const alive = await engine.database.knex('hbnb_jobs.processes').where({ kind: 'worker' }).whereNull('ended_at')
  expect(alive).toHaveLength(1)
})
