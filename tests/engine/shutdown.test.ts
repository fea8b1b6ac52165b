import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { startEngine, type TestEngine } from '../support/engine.ts'
import { givenDelivery } from '../support/given-delivery.ts'
import { testJob } from '../support/test-job.ts'
import { until } from '../support/until.ts'
import { startWorld } from '../support/world.ts'

let engine: TestEngine | undefined
afterEach(async () => {
  await engine?.close()
  engine = undefined
})

async function endingsOf(id: string): Promise<string[]> {
  return (await engine?.database.knex('hbnb_jobs.job_attempts').where({ job_id: id }).pluck('ending')) ?? []
}

describe('an orderly shutdown', () => {
  it('hands a job back without an attempt when it heeds its signal, and another worker ends it', async () => {
    let runs = 0
    const type = testJob(async ({ n }, { signal }) => {
      runs += 1
      if (runs === 1) await delay(60_000, undefined, { signal })
      return { n }
    })
    engine = await startEngine([type])
    const id = await engine.accept(type.contract, { n: 1 })
    await until('the job runs', () => runs === 1)
    await engine.stopWorkers()
    await engine.startWorkers()
    expect(await engine.ended(id)).toMatchObject({ outcome: 'completed', attempts: 1 })
    expect(await endingsOf(id)).toEqual(['handed-back'])
  })

  it('hands back a job that ignores its signal, and what that job does later does not count', async () => {
    const released = Promise.withResolvers<void>()
    let runs = 0
    const late: string[] = []
    const type = testJob(async ({ n }, { transaction }) => {
      runs += 1
      if (runs > 1) return { n: 2 }
      await released.promise
      await transaction(async () => {}).catch((error: Error) => late.push(error.name))
      return { n }
    })
    engine = await startEngine([type])
    const id = await engine.accept(type.contract, { n: 1 })
    await until('the job runs', () => runs === 1)
    await engine.stopWorkers()
    await engine.startWorkers()
    expect(await engine.ended(id)).toMatchObject({ outcome: 'completed', result: { n: 2 } })
    released.resolve()
    // The first worker's pool is closed by now, or its token is stale: either way the write is refused.
    await until('the late write was refused', () => late.length === 1)
  })

  it('awaits a mail that is being sent', async () => {
    const world = await startWorld()
    engine = world
    await world.control.fault({ provider: 'sendgrid', kind: 'slow', delayMs: 1_500 })
    const id = await world.accept(world.contract('email.send'), await givenDelivery(world, 'drain', 'email'))
    await until('the mail is on its way', async () => (await world.control.effects()).length === 1)
    await world.stopWorkers()
    expect(await world.ended(id)).toMatchObject({ outcome: 'completed', attempts: 1 })
    expect(await world.control.effects()).toHaveLength(1)
  })

  it('says farewell', async () => {
    engine = await startEngine([testJob(async ({ n }) => ({ n }))])
    await engine.stopWorkers()
    const [row] = await engine.database.knex('hbnb_jobs.processes').where({ kind: 'worker' })
    expect(row.draining_at).not.toBeNull()
    expect(row.ended_at).not.toBeNull()
  })
})
