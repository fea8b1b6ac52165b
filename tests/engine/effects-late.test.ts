import { afterEach, describe, expect, it } from 'vitest'
import type { EffectPolicy } from '../../workers/runtime/effect-policy.ts'
import { type EngineBehindProxy, startEngineBehindProxy } from '../support/engine-behind-proxy.ts'
import { testJob } from '../support/test-job.ts'
import { until } from '../support/until.ts'

let engine: EngineBehindProxy | undefined
afterEach(async () => {
  await engine?.close()
  engine = undefined
})

const policy: EffectPolicy = {
  provider: 'test',
  maxPerCall: 10,
  sendWithinMs: 1_000,
  settle: async () => 'cannot-tell',
  whenUnsettled: { afterMs: 0, action: 'resend' },
}

/** The effects of a job of which the database's clock says `where`. */
async function effectsOf(id: string, where = 'true') {
  const knex = engine?.database.knex
  return (await knex?.('hbnb_jobs.effects').where({ job_id: id }).whereRaw(where).orderBy('key')) ?? []
}

/** A job that sends one effect; answers the time each call was given. */
function sendingJob(sendWithinMs = policy.sendWithinMs) {
  const timesMs: number[] = []
  const type = testJob(async ({ n }, { effect }) => {
    await effect('one', { ...policy, sendWithinMs }, async (_, { timeoutMs }) => {
      timesMs.push(timeoutMs)
      return { id: `taken ${timesMs.length}` }
    })
    return { n }
  })
  return { type, timesMs }
}

describe('an answer the provider has given', () => {
  it('is written once Postgres is back, and nothing is sent again', async () => {
    const { type, timesMs } = sendingJob()
    engine = await startEngineBehindProxy([type])
    const { proxy } = engine
    const end = proxy.at('effect-end', 'refuse')
    const id = await engine.accept(type.contract, { n: 1 })
    await end.reached
    proxy.cut()
    await until('the worker has tried to reach Postgres', () => proxy.refused > 2)
    proxy.restore()
    expect(await engine.ended(id)).toMatchObject({ outcome: 'completed', attempts: 1 })
    expect(timesMs).toHaveLength(1)
    expect(await effectsOf(id)).toMatchObject([{ state: 'accepted', evidence: 'answer', sends: 1 }])
  })
})

describe('the clock of a send', () => {
  it('has run down when Postgres answers too late: nothing is sent, at no attempt, and the next run may', async () => {
    const { type, timesMs } = sendingJob()
    engine = await startEngineBehindProxy([type])
    const begin = engine.proxy.at('effect-begin', 'hold-answer')
    const id = await engine.accept(type.contract, { n: 1 })
    await begin.reached
    await until('others may take it over', async () => (await effectsOf(id, 'send_by < now()')).length === 1)
    expect(await effectsOf(id)).toMatchObject([{ state: 'sending', sends: 1 }])
    begin.release()
    expect(await engine.ended(id)).toMatchObject({ outcome: 'completed', attempts: 1 })
    expect(timesMs).toHaveLength(1)
    expect(await effectsOf(id)).toMatchObject([{ state: 'accepted', sends: 1 }])
    const kept = await engine.database.knex('hbnb_jobs.job_attempts').where({ job_id: id }).select('ending', 'error')
    expect(kept).toMatchObject([{ ending: 'handed-back', error: { code: 'begun-too-late' } }])
  })

  it('runs while the call prepares itself: its signal says when nothing may be sent any more', async () => {
    let isOver = false
    const type = testJob(
      async ({ n }, { effect }) => {
        await effect('one', { ...policy, sendWithinMs: 200 }, async (_, { signal }) => {
          await until('the time of the send is over', () => signal.aborted)
          isOver = true
          return { id: 'taken' }
        })
        return { n }
      },
      { timeoutMs: 600_000 },
    )
    engine = await startEngineBehindProxy([type])
    const id = await engine.accept(type.contract, { n: 1 })
    expect(await engine.ended(id)).toMatchObject({ outcome: 'completed' })
    expect(isOver).toBe(true)
  })

  it('runs while Postgres answers: the call gets what is left', async () => {
    const [sendWithinMs, waitedMs] = [10_000, 300]
    const { type, timesMs } = sendingJob(sendWithinMs)
    engine = await startEngineBehindProxy([type])
    const begin = engine.proxy.at('effect-begin', 'hold-answer')
    const id = await engine.accept(type.contract, { n: 1 })
    await begin.reached
    const longAgo = `sent_at < now() - interval '${waitedMs} ms'`
    await until('some of the time is over', async () => (await effectsOf(id, longAgo)).length === 1)
    begin.release()
    expect(await engine.ended(id)).toMatchObject({ outcome: 'completed', attempts: 1 })
    expect(timesMs).toHaveLength(1)
    expect(timesMs[0]).toBeLessThanOrEqual(sendWithinMs - waitedMs)
  })
})

describe('a send of several of which one may not begin', () => {
  it('begins none, and the next attempt sends the others once', async () => {
    const sent: string[][] = []
    const type = testJob(async ({ n }, { effects }) => {
      await effects(['a', 'b'], policy, async sendings => {
        sent.push(sendings.map(({ key }) => key))
        return sendings.map(({ key }) => ({ id: `id of ${key}` }))
      })
      return { n }
    })
    engine = await startEngineBehindProxy([type])
    const begin = engine.proxy.at('effect-begin', 'hold')
    const id = await engine.accept(type.contract, { n: 1 })
    await begin.reached
    await engine.database.knex('hbnb_jobs.effects').where({ job_id: id, key: 'b' }).update({ state: 'accepted' })
    begin.release()
    expect(await engine.ended(id)).toMatchObject({ outcome: 'completed', attempts: 2 })
    expect(sent).toEqual([['a']])
    expect(await effectsOf(id)).toMatchObject([
      { key: 'a', state: 'accepted', evidence: 'answer', sends: 1 },
      { key: 'b', state: 'accepted', sends: 0 },
    ])
  })
})
