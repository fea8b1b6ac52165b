import { afterEach, describe, expect, it } from 'vitest'
import { TemporaryError } from '../../src/errors.ts'
import { endEffects } from '../../src/ledger/effect-rows.ts'
import { retryEnded } from '../../src/ledger/retry-ended.ts'
import type { EffectPolicy } from '../../workers/runtime/effect-policy.ts'
import { startEngine, type TestEngine } from '../support/engine.ts'
import { foundTaken, lost, sendingJob } from '../support/sending-job.ts'

let engine: TestEngine | undefined
afterEach(async () => {
  await engine?.close()
  engine = undefined
})

async function effectOf(id: string) {
  return await engine?.database.knex('hbnb_jobs.effects').where({ job_id: id }).first('state', 'sends', 'evidence')
}

const unreachable: EffectPolicy['settle'] = async () => {
  throw new TemporaryError('look-up-failed', 'the provider could not be asked')
}

describe('a provider that cannot be asked', () => {
  const shortPatience = { retry: { attempts: 2, firstDelayMs: 100, maxDelayMs: 100, jitter: 0 } }

  it('costs no attempt: the effect stays unknown until it can be asked', async () => {
    let asked = 0
    const settle: EffectPolicy['settle'] = async row => {
      asked += 1
      return asked < 4 ? await unreachable(row) : await foundTaken()
    }
    const whenUnsettled = { afterMs: 60_000, action: 'close' } as const
    const { type, sends } = sendingJob([lost], { policy: { settle, whenUnsettled }, ...shortPatience })
    engine = await startEngine([type])
    const id = await engine.accept(type.contract, { n: 1 })
    expect(await engine.ended(id)).toMatchObject({ outcome: 'completed', attempts: 1 })
    expect(sends.count).toBe(1)
    expect(await effectOf(id)).toMatchObject({ state: 'accepted', evidence: 'lookup' })
    const kept = await engine.database.knex('hbnb_jobs.job_attempts').where({ job_id: id }).pluck('error')
    expect(kept).toContainEqual(expect.objectContaining({ message: expect.stringContaining('could not be asked') }))
  })

  it('is asked again when its time is over but it failed only once', async () => {
    let asked = 0
    const settle: EffectPolicy['settle'] = async row => {
      asked += 1
      return asked === 1 ? await unreachable(row) : await foundTaken()
    }
    const whenUnsettled = { afterMs: 0, action: 'close' } as const
    const { type, sends } = sendingJob([lost], { policy: { settle, whenUnsettled }, ...shortPatience })
    engine = await startEngine([type])
    const id = await engine.accept(type.contract, { n: 1 })
    expect(await engine.ended(id)).toMatchObject({ outcome: 'completed', attempts: 1 })
    expect(sends.count).toBe(1)
    expect(await effectOf(id)).toMatchObject({ state: 'accepted', evidence: 'lookup' })
  })

  it('is closed by policy all the same when its time is over', async () => {
    const whenUnsettled = { afterMs: 1_500, action: 'close' } as const
    const { type, sends } = sendingJob([lost], { policy: { settle: unreachable, whenUnsettled }, ...shortPatience })
    engine = await startEngine([type])
    const id = await engine.accept(type.contract, { n: 1 })
    expect(await engine.ended(id)).toMatchObject({ outcome: 'failed', attempts: 1, error: { code: 'effect-unknown' } })
    expect(sends.count).toBe(1)
    expect(await effectOf(id)).toMatchObject({ state: 'unknown', evidence: 'policy', sends: 1 })
  })
})

describe('an event that comes after policy has closed the effect', () => {
  it('is believed: the effect is accepted, and a retry by hand ends well without another send', async () => {
    const { type, sends } = sendingJob([lost, lost], {})
    engine = await startEngine([type])
    const { run, knex } = engine.database
    const id = await engine.accept(type.contract, { n: 1 })
    expect(await engine.ended(id)).toMatchObject({ outcome: 'failed', error: { code: 'effect-unknown' } })
    const effect = await knex('hbnb_jobs.effects').where({ job_id: id }).first('id')
    const event = {
      state: 'accepted',
      providerId: 'late',
      error: null,
      evidence: 'event',
      expectedSends: null,
    } as const
    await endEffects(run, [{ id: effect.id, ...event }], null)
    expect(await effectOf(id)).toMatchObject({ state: 'accepted', evidence: 'event', sends: 2 })
    expect((await retryEnded(run, [id])).get(id)).toBe('retried')
    expect(await engine.ended(id)).toMatchObject({ outcome: 'completed' })
    expect(sends.count).toBe(2)
  })
})
