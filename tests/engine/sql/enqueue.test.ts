import { Registry } from 'prom-client'
import { afterEach, describe, expect, it } from 'vitest'
import { maintainLedger } from '../../../src/ledger/retention.ts'
import { startWorkers } from '../../../workers/start-workers.ts'
import { givenSqlCaller, type SqlCaller } from '../../ledger/sql-caller.ts'
import { keptLog } from '../../observability/kept-log.ts'
import { startEngine, type TestEngine } from '../../support/engine.ts'
import { testJob } from '../../support/test-job.ts'
import { until } from '../../support/until.ts'

let engine: TestEngine
let app: SqlCaller
afterEach(async () => {
  await app.close()
  await engine.close()
})

const echo = testJob(async ({ n }) => ({ n }))
const enqueue = `select hbnb_jobs.enqueue('test.work', '{"n": 7}')`

describe('a job made by SQL', () => {
  it('runs after the commit of its caller, and is seen to be done', async () => {
    engine = await startEngine([echo])
    app = await givenSqlCaller(engine.config.database.url)
    const id = String(await app.value(enqueue))
    expect(await engine.ended(id)).toMatchObject({ outcome: 'completed', result: { n: 7 } })
    const { rows } = await app.client.query('select state, attempts, result from hbnb_jobs.job_status where id = $1', [
      id,
    ])
    expect(rows).toEqual([{ state: 'completed', attempts: 1, result: { n: 7 } }])
  })

  it('inside a transaction that stays open is in nobody’s way, and runs when it commits', async () => {
    const keyed = testJob(async ({ n }) => ({ n }), { unique: { by: ['n'] }, perKey: { by: ['n'], maxInFlight: 1 } })
    engine = await startEngine([keyed])
    app = await givenSqlCaller(engine.config.database.url)
    await app.client.query('begin')
    const mine = String(await app.value(`select hbnb_jobs.enqueue('test.work', '{"n": 7}', key => 'row-1')`))

    const others = [await engine.accept(keyed.contract, { n: 7 }), await engine.accept(keyed.contract, { n: 8 })]
    for (const id of others) expect(await engine.ended(id)).toMatchObject({ outcome: 'completed' })
    const second = await app.connectAgain()
    try {
      const { rows } = await second.query<{ id: string }>(
        `select hbnb_jobs.enqueue('test.work', '{"n": 9}', key => 'row-2') as id`,
      )
      expect(await engine.ended(String(rows[0]?.id))).toMatchObject({ outcome: 'completed' })
    } finally {
      await second.end()
    }
    // Its rows lock partitions that maintenance would like to change: that gives way instead of making accepts wait.
    await maintainLedger(engine.database.knex)
    expect(await engine.database.knex('hbnb_jobs.jobs').where({ id: mine })).toEqual([])

    await app.client.query('commit')
    expect(await engine.ended(mine)).toMatchObject({ outcome: 'completed' })
  })

  it('that SQL took and its contract does not ends failed: invalid-payload, loudly', async () => {
    engine = await startEngine([echo])
    app = await givenSqlCaller(engine.config.database.url)
    await engine.stopWorkers()
    const { log, lines } = keptLog()
    const workers = await startWorkers([echo], { config: engine.config, log, registry: new Registry() }, () => {})
    try {
      const id = String(await app.value(`select hbnb_jobs.enqueue('test.work', '{"n": "seven"}')`))
      expect(await engine.ended(id)).toMatchObject({
        outcome: 'failed',
        attempts: 1,
        error: { code: 'invalid-payload' },
      })
      const line = await until('it was logged', () => lines.find(one => one.id === id && one.outcome === 'failed'))
      expect(line).toMatchObject({ level: 'error', job: 'test.work', error: { code: 'invalid-payload' } })
      expect(JSON.stringify(line)).not.toContain('seven')
    } finally {
      await workers.stop()
    }
  })

  it('that is cancelled while it waits is never run', async () => {
    let runs = 0
    const counted = testJob(async ({ n }) => {
      runs += 1
      return { n }
    })
    engine = await startEngine([counted])
    app = await givenSqlCaller(engine.config.database.url)
    await engine.stopWorkers()
    const id = String(await app.value(enqueue))
    await until('it is queued', async () => {
      const row = await engine.database.knex('hbnb_jobs.job_live').where({ id }).first('state')
      return row?.state === 'queued'
    })
    expect(await app.value('select hbnb_jobs.cancel($1)', [id])).toBe('cancelled')
    await engine.startWorkers()
    const after = String(await app.value(enqueue))
    expect(await engine.ended(after)).toMatchObject({ outcome: 'completed' })
    expect(await engine.ended(id)).toMatchObject({ outcome: 'cancelled' })
    expect(runs).toBe(1)
  })
})
