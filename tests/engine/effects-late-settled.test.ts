import { afterEach, describe, expect, it } from 'vitest'
import type { EffectPolicy } from '../../workers/runtime/effect-policy.ts'
import { startEngine, type TestEngine } from '../support/engine.ts'
import { gate } from '../support/gate.ts'
import { foundTaken, lost, policy, refused, sendingJob } from '../support/sending-job.ts'
import { testJob } from '../support/test-job.ts'
import { until } from '../support/until.ts'

let engine: TestEngine | undefined
afterEach(async () => {
  await engine?.close()
  engine = undefined
})

async function effectOf(id: string) {
  return await engine?.database.knex('hbnb_jobs.effects').where({ job_id: id }).first('state', 'sends', 'evidence')
}

async function stateOf(id: string): Promise<string | undefined> {
  const row = await engine?.database.knex('hbnb_jobs.job_live').where({ id }).first('state')
  return row?.state
}

describe('the count of sends', () => {
  it('leaves out what surely was not sent, so that a lost answer is repeated once', async () => {
    const { type, sends } = sendingJob([refused, refused, lost], {})
    engine = await startEngine([type])
    const id = await engine.accept(type.contract, { n: 1 })
    expect(await engine.ended(id)).toMatchObject({ outcome: 'completed', attempts: 3 })
    expect(sends.count).toBe(4)
    expect(await effectOf(id)).toMatchObject({ state: 'accepted', sends: 2 })
  })

  it('closes what was lost twice', async () => {
    const { type, sends } = sendingJob([refused, lost, lost], {})
    engine = await startEngine([type])
    const id = await engine.accept(type.contract, { n: 1 })
    expect(await engine.ended(id)).toMatchObject({ outcome: 'failed', error: { code: 'effect-unknown' } })
    expect(sends.count).toBe(3)
    expect(await effectOf(id)).toMatchObject({ state: 'unknown', evidence: 'policy', sends: 2 })
  })
})

describe('keys given twice', () => {
  it('are sent once', async () => {
    const sent: string[][] = []
    const type = testJob(async (_, { effects }) => {
      const results = await effects(['a', 'a', 'b'], policy, async sendings => {
        sent.push(sendings.map(({ key }) => key))
        return sendings.map(({ key }) => ({ id: `id of ${key}` }))
      })
      return { n: results.size }
    })
    engine = await startEngine([type])
    const id = await engine.accept(type.contract, { n: 1 })
    expect(await engine.ended(id)).toMatchObject({ outcome: 'completed', attempts: 1, result: { n: 2 } })
    expect(sent).toEqual([['a', 'b']])
  })
})

describe('settlement that comes late', () => {
  it('says nothing about a later send', async () => {
    const [stale, current] = [gate(), gate()]
    let looks = 0
    let sends = 0
    let ends = 0
    const settle: EffectPolicy['settle'] = async () => {
      looks += 1
      const look = looks
      if (look === 1) await stale.pass()
      if (look <= 2) return 'not-sent'
      await current.pass()
      return { accepted: 'the second' }
    }
    const type = testJob(async ({ n }, { effect }) => {
      try {
        await effect('one', { ...policy, settle }, async () => {
          sends += 1
          throw lost()
        })
      } finally {
        ends += 1
      }
      return { n }
    })
    engine = await startEngine([type])
    const { knex } = engine.database
    const id = await engine.accept(type.contract, { n: 1 })
    await until('the first send is looked up', () => looks === 1)
    // As when its process was taken for dead.
    await knex('hbnb_jobs.job_live').where({ id }).update({ state: 'accepted', owner: null, run_at: knex.fn.now() })
    await until('the second send is looked up', () => looks === 3)
    expect([sends, ends]).toEqual([2, 2])
    stale.open()
    await until('the late one is over', () => ends === 3)
    expect(await effectOf(id)).toMatchObject({ state: 'unknown', sends: 2 })
    current.open()
    expect(await engine.ended(id)).toMatchObject({ outcome: 'completed', attempts: 1 })
    expect(sends).toBe(2)
  })
})

describe('a job of which something may have happened', () => {
  it('is brought to its end although it has expired', async () => {
    const door = gate()
    const settle: EffectPolicy['settle'] = async () => {
      await door.pass()
      return await foundTaken()
    }
    const { type, sends } = sendingJob([lost], { policy: { settle } })
    engine = await startEngine([type])
    const { knex } = engine.database
    const id = await engine.accept(type.contract, { n: 1 })
    await until('it is parked', async () => (await stateOf(id)) === 'parked')
    await knex('hbnb_jobs.jobs')
      .where({ id })
      .update({ expires_at: new Date(Date.now() - 60_000) })
    door.open()
    expect(await engine.ended(id)).toMatchObject({ outcome: 'completed', reason: null })
    expect(sends.count).toBe(1)
    expect(await effectOf(id)).toMatchObject({ state: 'accepted', evidence: 'lookup' })
  })

  it('is brought to its end although a newer one of its key waits', async () => {
    const { type } = sendingJob([lost], { policy: { settle: foundTaken }, unique: { by: ['n'] } })
    engine = await startEngine([type])
    const older = await engine.accept(type.contract, { n: 1 })
    await until('it is parked', async () => (await stateOf(older)) === 'parked')
    await engine.stopWorkers()
    await until('its next run waits', async () => (await stateOf(older)) === 'queued')
    const newer = await engine.accept(type.contract, { n: 1 })
    await engine.startWorkers()
    expect(await engine.ended(older)).toMatchObject({ outcome: 'completed', reason: null })
    expect(await effectOf(older)).toMatchObject({ state: 'accepted', evidence: 'lookup' })
    expect(await engine.ended(newer)).toMatchObject({ outcome: 'completed' })
  })
})

describe('an effect inside ctx.transaction', () => {
  it('is refused at once: it would wait for the lock that the transaction holds', async () => {
    let sends = 0
    const once = { retry: { attempts: 1, firstDelayMs: 100, maxDelayMs: 100, jitter: 0 } }
    const type = testJob(async ({ n }, { effect, transaction }) => {
      await transaction(async () => {
        await effect('one', policy, async () => {
          sends += 1
          return { id: 'taken' }
        })
      })
      return { n }
    }, once)
    engine = await startEngine([type])
    const outcome = await engine.ended(await engine.accept(type.contract, { n: 1 }))
    expect(outcome).toMatchObject({
      outcome: 'failed',
      attempts: 1,
      error: { message: expect.stringContaining('ctx.transaction') },
    })
    expect(sends).toBe(0)
  })
})
