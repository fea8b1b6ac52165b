import { pino } from 'pino'
import { Registry } from 'prom-client'
import { describe, expect, it, onTestFinished } from 'vitest'
import { loadConfig } from '../../src/config/load.ts'
import { connectDatabase, type Database } from '../../src/db/connect.ts'
import { acceptJobs } from '../../src/ledger/accept.ts'
import { newJobId } from '../../src/ledger/job-id.ts'
import { newJob } from '../../src/ledger/new-job.ts'
import { startRelay } from '../../src/ledger/start-relay.ts'
import { sweepCrashes, sweepStragglers } from '../../src/ledger/sweep-crashes.ts'
import { createTestDatabase } from '../setup/database.ts'
import { startEngine, testEnvironment } from '../support/engine.ts'
import { gate } from '../support/gate.ts'
import { type Proxy, startProxy } from '../support/proxy.ts'
import { testJob } from '../support/test-job.ts'
import { until } from '../support/until.ts'

const log = pino({ level: 'silent' })
const type = testJob(async ({ n }) => ({ n }))
/** Longer than a sweeper may be blind and still judge. */
const outageMs = 3_500
const longAgo = () => new Date(Date.now() - 60_000)

/** A migrated database that nobody sweeps but the test. */
async function openDatabase(): Promise<Database> {
  const empty = await createTestDatabase()
  const database = connectDatabase(empty.url)
  onTestFinished(() => empty.drop())
  onTestFinished(database.close)
  return database
}

/** A ledger with no process of ours; `startRelay` starts the only one, behind a proxy. */
async function openLedger(whenFinished: (close: () => Promise<void>) => void) {
  const { database: empty, env } = await testEnvironment()
  const config = loadConfig(env)
  const database = connectDatabase(config.database.url)
  const proxy = await startProxy(config.database.url)
  whenFinished(() => empty.drop())
  whenFinished(database.close)
  whenFinished(() => proxy.close())
  return {
    database,
    proxy,
    async startRelay() {
      const behind = { ...config.database, url: proxy.url, directUrl: proxy.url }
      const catalog = new Map([[type.contract.name, type.contract]])
      const relay = await startRelay(catalog, {
        config: { ...config, database: behind },
        log,
        registry: new Registry(),
      })
      whenFinished(relay.stop)
    },
  }
}

async function heldAt(proxy: Proxy, statement: string): Promise<() => void> {
  const held = proxy.at(statement, 'hold')
  await held.reached
  return () => held.release()
}

/** What keeps a relay from looking, and how it ends. A frozen server takes up a statement where it lay. */
const outages: [string, (proxy: Proxy) => Promise<() => void>][] = [
  [
    'cut off',
    async proxy => {
      proxy.cut()
      return () => proxy.restore()
    },
  ],
  ['frozen before its look', proxy => heldAt(proxy, 'sweep-clock')],
  ['frozen before its judgement', proxy => heldAt(proxy, 'sweep-judge')],
]

async function givenProcess({ knex }: Database, fields: Record<string, unknown>): Promise<number> {
  const row = { kind: 'worker', host: 'gone', pid: 1, ...fields }
  const [{ id }] = await knex('hbnb_jobs.processes').insert(row).returning('id')
  return id
}

/** Jobs that a process has claimed. */
async function givenRunning({ run, knex }: Database, owner: number, count: number): Promise<string[]> {
  const jobs = Array.from({ length: count }, (_, n) =>
    newJob(type.contract, { n }, { runAt: new Date(Date.now() + 600_000) }),
  )
  await acceptJobs(run, jobs)
  const ids = jobs.map(({ id }) => id)
  const running = { state: 'running', run: 1, token: 1, owner, started_at: new Date() }
  await knex('hbnb_jobs.job_live').whereIn('id', ids).update(running)
  return ids
}

async function givenOverdueEffect({ knex }: Database): Promise<string> {
  const id = newJobId()
  const row = { id, job_id: newJobId(), key: 'one', provider: 'test', state: 'sending', token: 1, sends: 1 }
  await knex('hbnb_jobs.effects').insert({ ...row, send_by: longAgo() })
  return id
}

async function processOf({ knex }: Database, id: number) {
  return await knex('hbnb_jobs.processes').where({ id }).first('ended_at', 'swept_at')
}

async function stateOf({ knex }: Database, id: string): Promise<string | undefined> {
  return (await knex('hbnb_jobs.job_live').where({ id }).first('state'))?.state
}

describe('a sweep', () => {
  it('passes over what a frozen transaction has locked, and comes back for it', async () => {
    const database = await openDatabase()
    const { run, knex } = database
    const owner = await givenProcess(database, { ended_at: new Date() })
    const [locked = '', free = ''] = await givenRunning(database, owner, 2)
    await givenOverdueEffect(database)

    await knex.transaction(async frozen => {
      await frozen('hbnb_jobs.job_live').where({ id: locked }).forUpdate()
      const swept = await sweepCrashes(run, { mayJudge: false })
      expect(swept).toEqual({ crashedProcesses: 0, freedJobs: 1, overdueEffects: 1 })
    })
    expect([await stateOf(database, free), await stateOf(database, locked)]).toEqual(['accepted', 'running'])
    expect((await processOf(database, owner)).swept_at).toBeNull()

    expect(await sweepCrashes(run, { mayJudge: false })).toMatchObject({ freedJobs: 1 })
    expect(await stateOf(database, locked)).toBe('accepted')
    expect((await processOf(database, owner)).swept_at).toBeInstanceOf(Date)
    expect(await knex('hbnb_jobs.job_attempts').pluck('ending')).toEqual(['crashed', 'crashed'])
  })

  it('holds missing heartbeats against a process only when it may judge', async () => {
    const database = await openDatabase()
    const { run } = database
    const silentOne = await givenProcess(database, { beat_at: longAgo() })
    await givenProcess(database, {})
    const [job = ''] = await givenRunning(database, silentOne, 1)
    expect(await sweepCrashes(run, { mayJudge: false })).toMatchObject({ crashedProcesses: 0, freedJobs: 0 })
    expect(await processOf(database, silentOne)).toEqual({ ended_at: null, swept_at: null })
    expect(await sweepCrashes(run, { mayJudge: true })).toMatchObject({ crashedProcesses: 1, freedJobs: 1 })
    expect(await stateOf(database, job)).toBe('accepted')
  })

  it('finds stragglers: claims that committed after their process was swept', async () => {
    const database = await openDatabase()
    const swept = await givenProcess(database, { ended_at: new Date(), swept_at: new Date() })
    const alive = await givenProcess(database, {})
    const [straggler = ''] = await givenRunning(database, swept, 1)
    const [running = ''] = await givenRunning(database, alive, 1)
    expect(await sweepCrashes(database.run, { mayJudge: true })).toMatchObject({ freedJobs: 0 })
    expect(await sweepStragglers(database.run)).toBe(1)
    expect([await stateOf(database, straggler), await stateOf(database, running)]).toEqual(['accepted', 'running'])
  })
})

describe('a relay', () => {
  it('looks for stragglers', async () => {
    const ledger = await openLedger(onTestFinished)
    const swept = await givenProcess(ledger.database, { ended_at: new Date(), swept_at: new Date() })
    const [straggler = ''] = await givenRunning(ledger.database, swept, 1)
    await ledger.startRelay()
    await until('it is taken back', async () => (await stateOf(ledger.database, straggler)) === 'accepted')
  })

  it.concurrent.for(outages)('that was blind (%s) calls nobody dead when it sees again', async ([, blind], test) => {
    const { database, proxy, ...ledger } = await openLedger(close => test.onTestFinished(close))
    await ledger.startRelay()
    const dead = await givenProcess(database, { beat_at: longAgo() })
    await until(
      'it has looked for long enough to judge',
      async () => (await processOf(database, dead)).ended_at !== null,
    )

    const see = await blind(proxy)
    const blindAtMs = performance.now()
    const silentLikeAll = await givenProcess(database, { beat_at: longAgo() })
    await until('the outage has lasted', () => performance.now() - blindAtMs > outageMs)
    const effect = await givenOverdueEffect(database)
    see()
    await until('it sweeps again', async () => {
      const row = await database.knex('hbnb_jobs.effects').where({ id: effect }).first('state')
      return row.state === 'unknown'
    })
    test.expect(await processOf(database, silentLikeAll)).toEqual({ ended_at: null, swept_at: null })
  })
})

describe('a worker process taken for dead', () => {
  it('registers anew, and what it claims then is taken back when it has ended indeed', async () => {
    const door = gate()
    const waiting = testJob(async ({ n }) => {
      await door.pass()
      return { n }
    })
    const engine = await startEngine([waiting])
    onTestFinished(() => engine.close())
    onTestFinished(() => door.open())
    await engine.stopWorkers()
    const workers = await engine.startWorkers()
    const { knex } = engine.database
    const live = async (id: string) => await knex('hbnb_jobs.job_live').where({ id }).first('state', 'owner')

    const first = workers.processId
    await knex('hbnb_jobs.processes').where({ id: first }).update({ ended_at: knex.fn.now() })
    const second = await until('it has registered anew', () => workers.processId !== first && workers.processId)
    const id = await engine.accept(waiting.contract, { n: 1 })
    await until('it has claimed the job', async () => (await live(id))?.state === 'running')
    expect(await live(id)).toMatchObject({ owner: second })

    await knex('hbnb_jobs.processes').where({ id: second }).update({ ended_at: knex.fn.now() })
    await until('the job is taken back', async () => {
      return (await knex('hbnb_jobs.job_attempts').where({ job_id: id, ending: 'crashed' })).length === 1
    })
  })
})
