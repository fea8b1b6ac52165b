import { afterEach, describe, expect, it } from 'vitest'
import { startEngine, type TestEngine } from '../support/engine.ts'
import { gate } from '../support/gate.ts'
import { testJob } from '../support/test-job.ts'
import { until } from '../support/until.ts'

let engine: TestEngine | undefined
afterEach(async () => {
  await engine?.close()
  engine = undefined
})

describe('a parent that waits for its children', () => {
  it('is parked while one is open, woken by the last, and makes no child twice', async () => {
    const door = gate()
    const child = testJob(
      async ({ n }) => {
        if (n === 3) await door.pass()
        return { n }
      },
      { name: 'test.child' },
    )
    let runs = 0
    const parent = testJob(
      async (_, { enqueue, allChildren }) => {
        runs += 1
        for (let n = 1; n <= 3; n += 1) await enqueue(child.contract, { n }, { key: String(n) })
        const counts = await allChildren()
        return { n: counts.completed }
      },
      { name: 'test.parent' },
    )
    engine = await startEngine([child, parent])
    const { knex } = engine.database
    const id = await engine.accept(parent.contract, { n: 0 })
    await until('the parent is parked', async () => {
      const row = await knex('hbnb_jobs.job_live').where({ id }).first('state')
      return row?.state === 'parked'
    })
    door.open()
    expect(await engine.ended(id)).toMatchObject({ outcome: 'completed', attempts: 1, result: { n: 3 } })
    expect(runs).toBeGreaterThan(1)
    expect(await knex('hbnb_jobs.jobs').where({ parent_id: id })).toHaveLength(3)
  })
})
