import { afterEach, describe, expect, it } from 'vitest'
import { childJobId, newJobId, timeOfJobId } from '../../src/ledger/job-id.ts'
import { startEngine, type TestEngine } from '../support/engine.ts'
import { testJob } from '../support/test-job.ts'
import { until } from '../support/until.ts'

let engine: TestEngine | undefined
afterEach(async () => {
  await engine?.close()
  engine = undefined
})

const type = testJob(async ({ n }) => ({ n }))

/** A process that died without farewell, long enough ago. */
async function givenDeadProcess({ database }: TestEngine): Promise<number> {
  const [row] = await database
    .knex('hbnb_jobs.processes')
    .insert({ kind: 'worker', host: 'gone', pid: 1, beat_at: new Date(Date.now() - 60_000) })
    .returning('id')
  return row.id
}

describe('the sweeper', () => {
  it('takes back what a dead process was running, at no attempt, and notes the crash', async () => {
    engine = await startEngine([type])
    const { knex } = engine.database
    const id = await engine.accept(type.contract, { n: 1 }, { runAt: new Date(Date.now() + 600_000) })
    const owner = await givenDeadProcess(engine)
    await knex('hbnb_jobs.job_live')
      .where({ id })
      .update({ state: 'running', run: 1, token: 1, owner, started_at: new Date() })
    expect(await engine.ended(id)).toMatchObject({ outcome: 'completed', attempts: 1 })
    expect(await knex('hbnb_jobs.job_attempts').where({ job_id: id }).pluck('ending')).toEqual(['crashed'])
  })

  it('calls a send that nobody ended unknown, once its deadline and margin are over', async () => {
    engine = await startEngine([type])
    const { knex } = engine.database
    const [overdue, onTime] = [newJobId(), newJobId()]
    const effect = { job_id: newJobId(), provider: 'test', state: 'sending', token: 1, sends: 1 }
    await knex('hbnb_jobs.effects').insert([
      { ...effect, id: overdue, key: 'overdue', send_by: new Date(Date.now() - 60_000) },
      { ...effect, id: onTime, key: 'on-time', send_by: new Date(Date.now() + 60_000) },
    ])
    await until('the overdue one is unknown', async () => {
      const row = await knex('hbnb_jobs.effects').where({ id: overdue }).first('state')
      return row.state === 'unknown'
    })
    expect(await knex('hbnb_jobs.effects').where({ id: onTime }).first('state')).toEqual({ state: 'sending' })
  })

  it('takes back a row whose copy the queue no longer holds', async () => {
    engine = await startEngine([type])
    const { knex } = engine.database
    const id = await engine.accept(type.contract, { n: 1 }, { runAt: new Date(Date.now() + 600_000) })
    await knex('hbnb_jobs.job_live')
      .where({ id })
      .update({ state: 'queued', run: 7, run_at: new Date(), changed_at: new Date(Date.now() - 60_000) })
    expect(await engine.ended(id)).toMatchObject({ outcome: 'completed' })
    expect(await knex('hbnb_jobs.job_attempts').where({ job_id: id }).pluck('ending')).toEqual(['lost'])
  })
})

describe('a copy that is not the current run', () => {
  it('does nothing', async () => {
    let runs = 0
    const counted = testJob(async ({ n }) => {
      runs += 1
      return { n }
    })
    engine = await startEngine([counted])
    const id = await engine.accept(counted.contract, { n: 1 })
    await engine.ended(id)
    const queue = engine.backend.queue(counted.contract.name)
    const copy = await queue.add(counted.contract.name, { id, run: 1, traceparent: null }, { jobId: `${id}.zombie` })
    await until('the zombie copy has ended', async () => (await queue.getJobState(copy.id ?? '')) === 'completed')
    expect(runs).toBe(1)
  })
})

describe('ids', () => {
  it('of a child are a function of parent and key, and keep the time of the parent', () => {
    const parent = newJobId()
    expect(childJobId(parent, 'a')).toBe(childJobId(parent, 'a'))
    expect(childJobId(parent, 'a')).not.toBe(childJobId(parent, 'b'))
    expect(timeOfJobId(childJobId(parent, 'a'))).toBe(timeOfJobId(parent))
  })
})
