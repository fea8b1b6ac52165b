import { afterEach, describe, expect, it } from 'vitest'
import { type EngineBehindProxy, startEngineBehindProxy } from '../support/engine-behind-proxy.ts'
import { testJob } from '../support/test-job.ts'
import { until } from '../support/until.ts'

let engine: EngineBehindProxy | undefined
afterEach(async () => {
  await engine?.close()
  engine = undefined
})

let runs = 0
const type = testJob(async ({ n }) => {
  runs += 1
  return { n }
})

async function stateOf(id: string): Promise<string | undefined> {
  const row = await engine?.database.knex('hbnb_jobs.job_live').where({ id }).first('state')
  return row?.state
}

/** A claim that stands without a runner would stay under its living owner for ever. */
describe('a claim whose answer is lost', () => {
  it('is undone, and the job runs once, at no attempt', async () => {
    runs = 0
    engine = await startEngineBehindProxy([type])
    const { proxy } = engine
    proxy.at('claim', 'lose-answer')
    expect(await engine.ended(await engine.accept(type.contract, { n: 1 }))).toMatchObject({
      outcome: 'completed',
      attempts: 1,
    })
    expect(runs).toBe(1)
  })

  it('is undone once Postgres is back, when it went away at that moment', async () => {
    runs = 0
    engine = await startEngineBehindProxy([type])
    const { proxy } = engine
    proxy.at('claim', 'hold-answer')
    const id = await engine.accept(type.contract, { n: 1 })
    await until('the claim is committed', async () => (await stateOf(id)) === 'running')
    proxy.cut()
    await until('the worker has tried to reach Postgres', () => proxy.refused > 2)
    expect(await stateOf(id)).toBe('running')
    proxy.restore()
    expect(await engine.ended(id)).toMatchObject({ outcome: 'completed', attempts: 1 })
    expect(runs).toBe(1)
  })

  it('is undone also when the server does it only after it was undone', async () => {
    runs = 0
    engine = await startEngineBehindProxy([type])
    const { proxy } = engine
    const claim = proxy.at('claim', 'deliver-late')
    const undone = proxy.at('unclaim', 'hold-answer')
    const id = await engine.accept(type.contract, { n: 1 })
    await claim.reached
    await undone.answered
    claim.release()
    await claim.answered
    undone.release()
    expect(await engine.ended(id)).toMatchObject({ outcome: 'completed', attempts: 1 })
    expect(runs).toBe(1)
  })
})
