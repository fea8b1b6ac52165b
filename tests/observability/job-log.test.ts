import { v7 } from 'uuid'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import { defineJob } from '../../queues/define-job.ts'
import { Skipped } from '../../src/errors.ts'
import { attemptLines } from '../../src/intake/operators/attempt-lines.ts'
import { findJobLogs, maxLogLines, writeJobLog } from '../../src/ledger/job-log.ts'
import { maintainLedger } from '../../src/ledger/retention.ts'
import { process } from '../../workers/runtime/process.ts'
import { startEngine, type TestEngine } from '../support/engine.ts'
import { smallFigures } from '../support/test-job.ts'
import { until } from '../support/until.ts'

const shape = { payload: z.strictObject({ alias: z.string().meta({ pii: true }).optional() }), result: z.null() }
const spoken = defineJob({ ...smallFigures, ...shape, name: 'test.spoken' })
const talkative = defineJob({ ...smallFigures, ...shape, name: 'test.talkative' })
const quoting = defineJob({ ...smallFigures, ...shape, name: 'test.quoting' })
const lengthy = defineJob({ ...smallFigures, ...shape, name: 'test.lengthy', timeoutMs: 30_000 })

let release = (): void => {}
const released = new Promise<void>(resolve => (release = resolve))
let engine: TestEngine

beforeAll(async () => {
  engine = await startEngine([
    process(spoken, async ({ alias }, { log, job }) => {
      log(`looking for ${alias}`, { attempt: job.attempt, guest_email: 'zoe@example.org', alias })
      log.warn('x'.repeat(2_000))
      if (job.attempt === 1) throw new Error(`nobody is called ${alias}`)
      log.error('found', { error: new TypeError('odd') })
      return null
    }),
    process(quoting, async ({ alias }, { log }) => {
      log('written to', { greeting: `Dear ${alias}` })
      return new Skipped(`${alias} is not known`)
    }),
    process(talkative, async (_payload, { log }) => {
      for (let line = 1; line <= 250; line += 1) log(`line ${line}`)
      return null
    }),
    process(lengthy, async (_payload, { log }) => {
      log('begun')
      await released
      return null
    }),
  ])
})
afterAll(async () => {
  release()
  await engine.close()
})

it('keeps no marked value that quotes or lines break, neither in fields nor as a reason', async () => {
  const id = await engine.accept(quoting, { alias: 'Zoé "la Rousse"\nRue Haute' })
  expect(await engine.ended(id)).toMatchObject({ outcome: 'skipped', reason: '[redacted] is not known' })
  const [line] = await findJobLogs(engine.database.run, [id])
  expect(line?.message).toBe('written to {"greeting":"Dear [redacted]"}')
})

it('keeps what every attempt said, in order, without personal data and cut', async () => {
  const id = await engine.accept(spoken, { alias: 'Zoé-la-Rousse' })
  await engine.ended(id)
  const log = await findJobLogs(engine.database.run, [id])
  expect(log.map(({ level }) => level)).toEqual(['info', 'warn', 'info', 'warn', 'error'])
  expect(log[0]).toEqual({
    jobId: id,
    at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    level: 'info',
    message: 'looking for [redacted] {"attempt":1,"guest_email":"[redacted]"}',
  })
  expect(log[1]?.message).toHaveLength(500)
  expect(log[4]?.message).toMatch(/^found \{"error":\{"name":"TypeError"/)

  const shown = await attemptLines(engine.database.run, id)
  expect(shown).toHaveLength(7)
  expect(shown[2]).toContain('attempt 1 retry: nobody is called [redacted]')
  expect(shown[3]).toContain('attempt 2 info: looking for [redacted]')
  const everything = await engine.database.knex.raw(
    'select error from hbnb_jobs.job_attempts union all select to_jsonb(message) from hbnb_jobs.job_logs',
  )
  expect(JSON.stringify(everything.rows)).not.toContain('Rousse')
})

it('keeps the newest hundred lines of a job', async () => {
  const id = await engine.accept(talkative, {})
  await engine.ended(id)
  const log = await findJobLogs(engine.database.run, [id])
  expect(log).toHaveLength(maxLogLines)
  expect([log[0]?.message, log.at(-1)?.message]).toEqual(['line 151', 'line 250'])

  await writeJobLog(engine.database.run, { id, token: 9, attempt: 2 }, [
    { at: new Date(), line: 1, level: 'info', message: 'one more' },
  ])
  const later = await findJobLogs(engine.database.run, [id])
  expect([later.length, later[0]?.message, later.at(-1)?.message]).toEqual([maxLogLines, 'line 152', 'one more'])
})

it('shows of a long attempt what it has said so far', async () => {
  const id = await engine.accept(lengthy, {})
  const log = await until('a line is stored', async () => {
    const lines = await findJobLogs(engine.database.run, [id])
    return lines.length > 0 ? lines : undefined
  })
  expect(log.map(({ message }) => message)).toEqual(['begun'])
  const live = await engine.database.knex('hbnb_jobs.job_live').where({ id }).first('state')
  expect(live).toEqual({ state: 'running' })
})

it('goes with its job when that is purged', async () => {
  const { knex, run } = engine.database
  const past = Date.now() - 3 * 86_400_000
  const id = await engine.accept(talkative, {}, { id: v7({ msecs: past }) })
  await engine.ended(id)
  expect(await findJobLogs(run, [id])).toHaveLength(maxLogLines)
  // With the longest retention it would go with its whole week.
  await knex('hbnb_jobs.job_types').whereNot({ name: talkative.name }).update({ retention_days: 90 })
  await knex('hbnb_jobs.job_outcomes')
    .where({ id })
    .update({ finished_at: new Date(past + 1_000) })
  await maintainLedger(knex)
  expect(await knex('hbnb_jobs.job_outcomes').where({ id })).toEqual([])
  expect(await findJobLogs(run, [id])).toEqual([])
})
