import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { pino } from 'pino'
import { Registry } from 'prom-client'
import { afterEach, describe, expect, it } from 'vitest'
import { NotYet, PermanentError } from '../../src/errors.ts'
import { startWorkers } from '../../workers/start-workers.ts'
import { startEngine, type TestEngine } from '../support/engine.ts'
import { startEngineBehindProxy } from '../support/engine-behind-proxy.ts'
import type { Proxy } from '../support/proxy.ts'
import { testJob } from '../support/test-job.ts'
import { until } from '../support/until.ts'

let engine: TestEngine | undefined
afterEach(async () => {
  await engine?.close()
  engine = undefined
})

const dayMs = 86_400_000

async function fail(): Promise<never> {
  throw new PermanentError('cannot-be', 'it cannot be')
}

async function endingsOf(id: string): Promise<string[]> {
  return (await engine?.database.knex('hbnb_jobs.job_attempts').where({ job_id: id }).pluck('ending')) ?? []
}

/** Connects to a port nobody listens on: ECONNREFUSED, as from anybody's server. */
async function connectToNobody(): Promise<never> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  await once(connect(address.port, '127.0.0.1'), 'connect')
  throw new Error('somebody listens')
}

describe('an ending', () => {
  it.each(['40P01', '57014'])('is written in the end when Postgres answers %s at first', async sqlState => {
    let runs = 0
    const type = testJob(async ({ n }) => {
      runs += 1
      return { n }
    })
    engine = await startEngine([type])
    await engine.database.knex.raw(`
      create sequence tries;
      create function refuse_twice() returns trigger language plpgsql as $$ begin
        if nextval('tries') <= 2 then raise exception 'not now' using errcode = '${sqlState}'; end if;
        return new;
      end $$;
      create trigger refuse_twice before insert on hbnb_jobs.job_outcomes for each row execute function refuse_twice()`)
    const id = await engine.accept(type.contract, { n: 1 })
    expect(await engine.ended(id)).toMatchObject({ outcome: 'completed', attempts: 1 })
    expect(runs).toBe(1)
  })

  it('waits until its domain has been told, once', async () => {
    let calls = 0
    const type = testJob(fail, {}, async ({ n }, _, tx) => {
      calls += 1
      await tx.raw('insert into deaths values (?)', [n])
      if (calls < 3) throw new Error('the domain fails')
    })
    engine = await startEngine([type])
    await engine.database.knex.raw('create table deaths (n integer)')
    expect(await engine.ended(await engine.accept(type.contract, { n: 7 }))).toMatchObject({
      outcome: 'failed',
      error: { code: 'cannot-be' },
    })
    expect(calls).toBe(3)
    expect(await engine.database.knex('deaths')).toEqual([{ n: 7 }])
  })

  it('is written without its domain, loudly, when that fails five times', async () => {
    let calls = 0
    const type = testJob(fail, {}, async () => {
      calls += 1
      throw new Error('the domain is broken')
    })
    engine = await startEngine([type])
    await engine.stopWorkers()
    const lines: string[] = []
    const log = pino({ level: 'error' }, { write: line => lines.push(line) })
    const workers = await startWorkers([type], { config: engine.config, log, registry: new Registry() }, () => {})
    try {
      const outcome = await engine.ended(await engine.accept(type.contract, { n: 1 }))
      expect(outcome).toMatchObject({ outcome: 'failed', error: { code: 'cannot-be' } })
      expect(calls).toBe(5)
      expect(lines.filter(line => line.includes('onDead failed'))).toHaveLength(5)
    } finally {
      await workers.stop()
    }
  })
})

describe('a processor that hangs inside ctx.transaction', () => {
  it('gives up its lock at the time-out, so that the attempt ends and the next one runs', async () => {
    const condemned: string[] = []
    const type = testJob(
      async ({ n }, { transaction, job }) => {
        await transaction(async tx => {
          await tx.raw('insert into notes values (?)', [job.attempt])
          if (job.attempt === 1) await new Promise(() => {})
        })
        return { n }
      },
      { timeoutMs: 300 },
    )
    engine = await startEngine([type])
    await engine.stopWorkers()
    await engine.startWorkers(reason => condemned.push(reason))
    await engine.database.knex.raw('create table notes (attempt integer)')
    expect(await engine.ended(await engine.accept(type.contract, { n: 1 }))).toMatchObject({
      outcome: 'completed',
      attempts: 2,
    })
    expect(await engine.database.knex('notes')).toEqual([{ attempt: 2 }])
    expect(condemned).toEqual([])
  })
})

describe('a broken connection to somebody', () => {
  it('costs attempts like any other error while our Postgres answers', async () => {
    const type = testJob(connectToNobody)
    engine = await startEngine([type])
    const id = await engine.accept(type.contract, { n: 1 })
    expect(await engine.ended(id)).toMatchObject({ outcome: 'failed', attempts: 3, error: { code: 'ECONNREFUSED' } })
    expect(await endingsOf(id)).toEqual(['retry', 'retry'])
  })

  it('costs none when our Postgres does not answer', async () => {
    let proxy: Proxy | undefined
    let runs = 0
    const type = testJob(async ({ n }) => {
      runs += 1
      if (runs > 1) return { n }
      proxy?.cut()
      return await connectToNobody()
    })
    const behind = await startEngineBehindProxy([type])
    engine = behind
    proxy = behind.proxy
    const id = await engine.accept(type.contract, { n: 1 })
    await until('the worker has tried to reach Postgres', () => behind.proxy.refused > 2)
    behind.proxy.restore()
    expect(await engine.ended(id)).toMatchObject({ outcome: 'completed', attempts: 1 })
    expect(await endingsOf(id)).toEqual(['handed-back'])
  })
})

describe('NotYet', () => {
  it('may lie farther away than 2^31 milliseconds', async () => {
    const farMs = 40 * dayMs
    const type = testJob(async () => {
      throw new NotYet('early', 'much too early', new Date(Date.now() + farMs))
    })
    engine = await startEngine([type])
    const { knex } = engine.database
    const id = await engine.accept(type.contract, { n: 1 })
    await until('the attempt has ended', async () => (await endingsOf(id)).length === 1)
    expect(await endingsOf(id)).toEqual(['not-yet'])
    const row = await knex('hbnb_jobs.job_live').where({ id }).first('state', 'attempts', 'run_at')
    expect(row).toMatchObject({ state: 'accepted', attempts: 0 })
    expect(row.run_at.getTime()).toBeGreaterThan(Date.now() + farMs - dayMs)
  })
})
