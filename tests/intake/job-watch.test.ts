import { setTimeout as delay } from 'node:timers/promises'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import notify from '../../queues/notifications/send.ts'
import { connectDatabase, type Database } from '../../src/db/connect.ts'
import type { RunStatement } from '../../src/db/statement.ts'
import { jobWatch } from '../../src/intake/events/job-watch.ts'
import { streamPlaces } from '../../src/intake/events/stream-places.ts'
import { acceptJobs } from '../../src/ledger/accept.ts'
import type { JobView } from '../../src/ledger/job-changes.ts'
import { writeJobLog } from '../../src/ledger/job-log.ts'
import { newJob } from '../../src/ledger/new-job.ts'
import { createTestDatabase } from '../setup/database.ts'
import { until } from '../support/until.ts'

let own: Awaited<ReturnType<typeof createTestDatabase>>
let database: Database

beforeAll(async () => {
  own = await createTestDatabase()
  database = connectDatabase(own.url)
})
afterAll(async () => {
  await database.close()
  await own.drop()
})

const log = pino({ level: 'silent' })

/** Counts statements, and fails while told to. */
function counted() {
  const counts = { statements: 0, fails: false }
  const run: RunStatement = async (statement, values) => {
    counts.statements += 1
    if (counts.fails) throw new Error('Postgres is away')
    return await database.run(statement, values)
  }
  return { counts, run }
}

async function given(count: number): Promise<string[]> {
  const jobs = Array.from({ length: count }, () =>
    newJob(notify, { user_id: 'u1', template: 'booking-confirmation', booking_id: '42' }),
  )
  await acceptJobs(database.run, jobs)
  return jobs.map(({ id }) => id)
}

test('fifty jobs are followed with one statement at a time, and none when nobody follows', async () => {
  const { counts, run } = counted()
  const watch = jobWatch(run, log)
  const ids = await given(50)
  const seen = new Map<string, JobView[]>()
  const startedMs = performance.now()
  const stops = ids.map(id => watch.follow(id, view => seen.set(id, [...(seen.get(id) ?? []), view])))
  await until('all are seen', () => seen.size === ids.length)
  const [first = ''] = ids
  await database
    .knex('hbnb_jobs.job_live')
    .where({ id: first })
    .update({ attempts: 1, changed_at: database.knex.fn.now() })
  await until('the change is seen', () => seen.get(first)?.at(-1)?.state === 'retrying')
  const tookMs = performance.now() - startedMs
  expect(counts.statements).toBeLessThanOrEqual(1 + tookMs / 250)
  // Only the one that changed is told again.
  expect([...seen.values()].filter(views => views.length > 1)).toHaveLength(1)

  for (const stop of stops) stop()
  const before = counts.statements
  await delay(600)
  expect(counts.statements).toBe(before)
})

test('who follows while Postgres is away is told when it is back', async () => {
  const { counts, run } = counted()
  const watch = jobWatch(run, log)
  const [id = ''] = await given(1)
  counts.fails = true
  const seen: JobView[] = []
  const stop = watch.follow(id, view => seen.push(view))
  await until('it was tried', () => counts.statements >= 2)
  expect(seen).toEqual([])
  counts.fails = false
  await until('it is told', () => seen.length === 1)
  stop()
})

test('who begins to follow while a look for somebody else is under way misses no line', async () => {
  const [id = ''] = await given(1)
  const say = (line: number, message: string) =>
    writeJobLog(database.run, { id, token: 1, attempt: 1 }, [{ at: new Date(), line, level: 'info', message }])
  const look = { isHeld: false, found: 0, goOn: Promise.withResolvers<undefined>() }
  const run: RunStatement = async (statement, values) => {
    const rows = await database.run<never>(statement, values)
    if (!look.isHeld || rows.length === 0) return rows
    look.found += 1
    await look.goOn.promise
    return rows
  }
  const watch = jobWatch(run, log)
  const told: string[][] = [[], []]
  const follow = (who: number) =>
    watch.follow(id, ({ lines }) => told[who]?.push(...lines.map(({ message }) => message)))
  await say(1, 'one')
  const stopFirst = follow(0)
  await until('the first is told', () => told[0]?.length === 1)
  look.isHeld = true
  await say(2, 'two')
  await until('a look has found it', () => look.found === 1)
  stopFirst()
  const stopSecond = follow(1)
  look.isHeld = false
  look.goOn.resolve(undefined)
  await until('the second is told', () => told[1]?.includes('two'))
  stopSecond()
  expect(told[1]).toEqual(['one', 'two'])
})

test('a job that is gone is told as gone', async () => {
  const watch = jobWatch(database.run, log)
  const seen: JobView[] = []
  const stop = watch.follow('00000000-0000-7000-8000-000000000000', view => seen.push(view))
  await until('it is told', () => seen.length > 0)
  stop()
  expect(seen).toMatchObject([{ state: 'gone' }])
})

test('a due time makes a scheduled job waiting without a write', async () => {
  const watch = jobWatch(database.run, log)
  const job = newJob(
    notify,
    { user_id: 'u1', template: 'booking-confirmation', booking_id: '42' },
    { runAt: new Date(Date.now() + 700) },
  )
  await acceptJobs(database.run, [job])
  const states: string[] = []
  const stop = watch.follow(job.id, ({ state }) => states.push(state))
  await until('both states', () => states.length === 2)
  stop()
  expect(states).toEqual(['scheduled', 'waiting'])
})

test('streams have places per key and per process', () => {
  const take = streamPlaces({ perProcess: 3, perKey: 2 })
  const leave = take('a')
  take('a')
  expect(() => take('a')).toThrow('2 streams are open for this key')
  take('b')
  expect(() => take('c')).toThrow('3 streams are open for this process')
  leave()
  leave()
  take('a')
  expect(() => take('c')).toThrow('3 streams')
})
