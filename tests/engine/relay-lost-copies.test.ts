import { afterEach, describe, expect, it } from 'vitest'
import { acceptJobs } from '../../src/ledger/accept.ts'
import { newJob } from '../../src/ledger/new-job.ts'
import { sweepLostCopies, sweepQueueWholly } from '../../src/ledger/sweep.ts'
import { testJob } from '../support/test-job.ts'
import { type RelayWorld, startRelayWorld } from './relay-world.ts'

let world: RelayWorld | undefined
afterEach(async () => {
  await world?.close()
  world = undefined
})

/** Rows that were queued an hour ago, each with its copy. */
async function givenCopies(given: RelayWorld, count: number): Promise<string[]> {
  const { backend, contract, database } = given
  const ids = await given.accept(Array.from({ length: count }, (_, index) => ({ tenant: `t${index % 7}` })))
  const queue = backend.queue(contract.name)
  await queue.addBulk(
    ids.map(id => ({ name: contract.name, data: { id, run: 1, traceparent: null }, opts: { jobId: `${id}.1` } })),
  )
  await database
    .knex('hbnb_jobs.job_live')
    .whereIn('id', ids)
    .update({ state: 'queued', run: 1, changed_at: new Date(Date.now() - 3_600_000) })
  return ids
}

async function accepted({ database: { knex } }: RelayWorld): Promise<string[]> {
  return await knex('hbnb_jobs.job_live').where({ state: 'accepted' }).orderBy('id').pluck('id')
}

describe('the sweep for lost copies', () => {
  it('finds those behind many live ones, over a few calls, and passes over what is not due', async () => {
    world = await startRelayWorld()
    const ids = await givenCopies(world, 1_500)
    const later = new Date(Date.now() + 3_600_000)
    const future = await world.accept(Array.from({ length: 20 }, () => ({ tenant: 'later', runAt: later })))
    const lost = [3, 700, 1_499].map(index => ids[index] ?? '')
    const queue = world.backend.queue(world.contract.name)
    for (const id of lost) await queue.remove(`${id}.1`)
    let taken = 0
    for (let call = 0; call < 20 && taken < lost.length; call += 1) {
      taken += await sweepLostCopies(world.database.run, world.backend)
    }
    expect(taken).toBe(3)
    expect(await accepted(world)).toEqual([...lost, ...future].toSorted())
  })

  it('leaves alone what was queued a moment ago', async () => {
    world = await startRelayWorld()
    const ids = await givenCopies(world, 1)
    await world.database.knex('hbnb_jobs.job_live').whereIn('id', ids).update({ changed_at: new Date() })
    await world.backend.queue(world.contract.name).remove(`${ids[0]}.1`)
    expect(await sweepLostCopies(world.database.run, world.backend)).toBe(0)
  })
})

describe('the sweep of a whole queue', () => {
  it('takes back all that it lost, however lately, and nothing of other queues', async () => {
    world = await startRelayWorld()
    const { run, knex } = world.database
    const ids = await givenCopies(world, 1_200)
    await knex('hbnb_jobs.job_live').whereIn('id', ids).update({ changed_at: new Date() })
    const others = ['a.first', 'test.work-too', 'z.last'].map(name =>
      newJob(testJob(async ({ n }) => ({ n }), { name }).contract, { n: 1 }),
    )
    await acceptJobs(run, others)
    await knex('hbnb_jobs.job_live')
      .whereIn(
        'id',
        others.map(({ id }) => id),
      )
      .update({ state: 'queued', run: 1 })
    await world.backend.queue(world.contract.name).obliterate({ force: true })
    expect(await sweepQueueWholly(run, world.backend, world.contract.name)).toBe(1_200)
    expect(await accepted(world)).toEqual(ids.toSorted())
  })
})
