import { join } from 'node:path'
import { pino } from 'pino'
import { Registry } from 'prom-client'
import { afterEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { loadCatalog } from '../../queues/catalog.ts'
import { loadJobTypes } from '../../workers/load-job-types.ts'
import { startWorkers } from '../../workers/start-workers.ts'
import { startEngine, type TestEngine } from '../support/engine.ts'
import { testJob } from '../support/test-job.ts'
import { until } from '../support/until.ts'

const here = join(import.meta.dirname, 'lone-types')
const folders = [{ queues: join(here, 'queues'), workers: join(here, 'workers') }]
const catalog = await loadCatalog(folders[0]?.queues)
const types = await loadJobTypes(catalog, ['lone'], folders[0]?.workers)

let engine: TestEngine
afterEach(async () => {
  await engine.close()
})

/** A job as the sweeper leaves it after its process has died. */
async function givenSuspect(name: string, crashes = 0): Promise<string> {
  const contract = catalog.get(name)
  if (!contract) throw new Error(`no contract ${name}`)
  const id = await engine.accept(contract, { n: 1 }, { runAt: new Date(Date.now() + 600_000) })
  await engine.database.knex('hbnb_jobs.job_live').where({ id }).update({ suspect: true, crashes, run_at: new Date() })
  return id
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

describe('a suspect', () => {
  it('runs in a process of its own, is acquitted when it ends, and many share one', async () => {
    engine = await startEngine(types, {}, folders)
    const ids = [await givenSuspect('lone.innocent'), await givenSuspect('lone.innocent')]
    const pids = new Set<unknown>()
    for (const id of ids) {
      const { outcome, attempts, result } = await engine.ended(id)
      expect({ outcome, attempts }).toEqual({ outcome: 'completed', attempts: 1 })
      pids.add(z.object({ pid: z.int() }).parse(result).pid)
    }
    expect(pids.size).toBe(1)
    expect(pids.has(process.pid)).toBe(false)
  })

  it('does not wait for dozens of others: each runs alone, several processes share them', async () => {
    engine = await startEngine(types, {}, folders)
    const contract = catalog.get('lone.innocent')
    if (!contract) throw new Error('no contract lone.innocent')
    const later = { runAt: new Date(Date.now() + 600_000) }
    const ids = await Promise.all(Array.from({ length: 16 }, (_, n) => engine.accept(contract, { n }, later)))
    await engine.database.knex('hbnb_jobs.job_live').whereIn('id', ids).update({ suspect: true, run_at: new Date() })
    const ended = await Promise.all(ids.map(id => engine.ended(id)))
    expect(ended.map(({ outcome, attempts }) => `${outcome} ${attempts}`)).toEqual(ids.map(() => 'completed 1'))
    const pids = new Set(ended.map(({ result }) => z.object({ pid: z.int() }).parse(result).pid))
    expect(pids.size).toBeGreaterThan(1)
    expect(pids.size).toBeLessThanOrEqual(4)
    expect(pids.has(process.pid)).toBe(false)
  })

  it('is not waited for in a process that died between two of them', async () => {
    engine = await startEngine(types, {}, folders)
    const { result } = await engine.ended(await givenSuspect('lone.lingering'))
    const { pid } = z.object({ pid: z.int() }).parse(result)
    await until('the first process is gone', () => !isAlive(pid))
    const next = await engine.ended(await givenSuspect('lone.innocent'))
    expect(next).toMatchObject({ outcome: 'completed', attempts: 1 })
    expect(next.result).not.toEqual({ pid })
  })

  it('whose type cannot be loaded is handed back, and is blamed for nothing', async () => {
    const stranger = testJob(async ({ n }) => ({ n }))
    engine = await startEngine([stranger], {}, folders)
    const { knex } = engine.database
    const id = await engine.accept(stranger.contract, { n: 1 }, { runAt: new Date(Date.now() + 600_000) })
    await knex('hbnb_jobs.job_live').where({ id }).update({ suspect: true, run_at: new Date() })
    await until('it was handed back', async () => {
      const endings = await knex('hbnb_jobs.job_attempts').where({ job_id: id }).pluck('ending')
      return endings.includes('handed-back') || endings.includes('crashed')
    })
    expect(await knex('hbnb_jobs.job_attempts').where({ job_id: id }).pluck('ending')).toEqual(['handed-back'])
    expect(await knex('hbnb_jobs.job_live').where({ id }).first('crashes', 'attempts', 'suspect')).toEqual({
      crashes: 0,
      attempts: 0,
      suspect: true,
    })
  })

  it('that has ended a process gets one that had no other job', async () => {
    engine = await startEngine(types, {}, folders)
    const { result } = await engine.ended(await givenSuspect('lone.innocent'))
    const accused = await givenSuspect('lone.innocent', 1)
    const next = await engine.ended(accused)
    expect(next).toMatchObject({ outcome: 'completed', attempts: 1 })
    expect(next.result).not.toEqual(result)
  })

  it('has its calls to providers counted by the worker that asked for it', async () => {
    engine = await startEngine(types, {}, folders)
    await engine.stopWorkers()
    const registry = new Registry()
    const log = pino({ level: 'silent' })
    const workers = await startWorkers(types, { config: engine.config, log, registry, folders }, () => {})
    try {
      expect(await engine.ended(await givenSuspect('lone.sending'))).toMatchObject({ result: { taken: 'taken' } })
      const counted = 'hbnb_jobs_provider_call_duration_seconds_count{provider="test",outcome="ok"} 1'
      expect(await registry.metrics()).toContain(counted)
    } finally {
      await workers.stop()
    }
  })

  it('that ends its process three times alone is quarantined, and an innocent one beside it completes', async () => {
    engine = await startEngine(types, {}, folders)
    const [deadly, innocent] = [await givenSuspect('lone.deadly'), await givenSuspect('lone.innocent')]
    expect(await engine.ended(innocent)).toMatchObject({ outcome: 'completed' })
    expect(await engine.ended(deadly)).toMatchObject({ outcome: 'quarantined', error: { code: 'crashed-alone' } })
    const endings = await engine.database.knex('hbnb_jobs.job_attempts').where({ job_id: deadly }).pluck('ending')
    expect(endings).toEqual(['crashed', 'crashed'])
  })
})
