import { afterAll, beforeAll, expect, test } from 'vitest'
import notify from '../../queues/notifications/send.ts'
import { createApiKey } from '../../src/db/api-keys.ts'
import { acceptJobs } from '../../src/ledger/accept.ts'
import { writeJobLog } from '../../src/ledger/job-log.ts'
import { writeJobProgress } from '../../src/ledger/job-progress.ts'
import { newJob } from '../../src/ledger/new-job.ts'
import { finishRuns } from '../../src/ledger/outcome.ts'
import { type EventStream, openEvents } from '../support/event-stream.ts'
import { startIntake, type TestIntake, testKey } from '../support/intake.ts'

const token = 1
const auth = { authorization: `Bearer ${testKey}` }

let intake: TestIntake

beforeAll(async () => {
  intake = await startIntake()
})
afterAll(() => intake.close())

async function given(): Promise<string> {
  const job = newJob(notify, { user_id: 'u1', template: 'booking-confirmation', booking_id: '42' })
  await acceptJobs(intake.database.run, [job])
  return job.id
}

async function start(id: string, attempts = 0): Promise<void> {
  const { knex } = intake.database
  const running = { state: 'running', run: 1, token, attempts, changed_at: knex.fn.now(), started_at: knex.fn.now() }
  await knex('hbnb_jobs.job_live').where({ id }).update(running)
}

async function finish(id: string, result: unknown = { channels: 1 }): Promise<void> {
  const ending = { kind: 'finish', outcome: 'completed', result, reason: null, error: null } as const
  expect(await finishRuns(intake.database.run, [{ id, token, ending }])).toEqual(new Set([id]))
}

async function say(id: string, line: number, message: string, at = new Date()): Promise<void> {
  await writeJobLog(intake.database.run, { id, token, attempt: 1 }, [{ at, line, level: 'info', message }])
}

const follow = (id: string, headers: Record<string, string> = {}): Promise<EventStream> =>
  openEvents(`${intake.url}/v1/jobs/${id}/events`, { ...auth, ...headers })

test('a stream begins with the job as it is, tells each change once, and ends with the result', async () => {
  const id = await given()
  const stream = await follow(id)
  expect(stream.status).toBe(200)
  expect(stream.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
  expect(stream.headers.get('cache-control')).toBe('no-store')
  const first = await stream.next()
  expect(first).toMatchObject({ event: 'state', data: { id, state: 'waiting', attempts: 0 } })

  await start(id)
  expect(await stream.next()).toMatchObject({ event: 'state', data: { state: 'active' } })
  await writeJobProgress(intake.database.run, { id, token }, { done: 3, total: 10, message: 'third page' })
  expect(await stream.next()).toMatchObject({
    event: 'progress',
    data: { state: 'active', progress: { done: 3, total: 10, message: 'third page' } },
  })
  await say(id, 1, 'found three pages')
  expect(await stream.next()).toMatchObject({ event: 'log', data: { id, level: 'info', message: 'found three pages' } })
  await finish(id)
  const last = await stream.next()
  expect(last).toMatchObject({ event: 'end', data: { state: 'completed', attempts: 1, result: { channels: 1 } } })
  expect(await stream.next()).toBeUndefined()
  expect(last?.id).toBeGreaterThan(first?.id ?? Infinity)
})

test('two who follow one job are told the same, the later one what was before', async () => {
  const id = await given()
  await start(id)
  const early = await follow(id)
  await early.next()
  await say(id, 1, 'first line')
  await early.next()
  const late = await follow(id)
  expect(await late.next()).toMatchObject({ event: 'state', data: { state: 'active' } })
  expect(await late.next()).toMatchObject({ event: 'log', data: { message: 'first line' } })
  await finish(id)
  expect(await late.rest()).toEqual(await early.rest())
})

test('Last-Event-ID goes on after that event, with rising numbers', async () => {
  const id = await given()
  await start(id)
  await say(id, 1, 'one')
  const first = await follow(id)
  const seen = [await first.next(), await first.next()]
  expect(seen.map(event => event?.event)).toEqual(['state', 'log'])
  await first.close()

  await say(id, 2, 'two')
  await finish(id)
  const again = await follow(id, { 'last-event-id': String(seen.at(-1)?.id) })
  const rest = await again.rest()
  expect(rest.map(({ event, data }) => [event, data['message'] ?? data['state']])).toEqual([
    ['log', 'two'],
    ['end', 'completed'],
  ])
  const numbers = [...seen.map(event => event?.id ?? NaN), ...rest.map(event => event.id)]
  expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => a - b))

  // EventSource connects again after any end but this one.
  const over = await follow(id, { 'last-event-id': String(rest.at(-1)?.id) })
  expect(over.status).toBe(204)
})

test('a line of a worker whose clock is ahead hides nothing that comes after it', async () => {
  const id = await given()
  await start(id)
  const first = await follow(id)
  await first.next()
  await say(id, 1, 'from the future', new Date(Date.now() + 60_000))
  const line = await first.next()
  expect(line).toMatchObject({ event: 'log' })
  await first.close()
  await finish(id)
  const again = await follow(id, { 'last-event-id': String(line?.id) })
  expect((await again.rest()).at(-1)).toMatchObject({ event: 'end' })
})

test('an ended job answers its end alone', async () => {
  const id = await given()
  await start(id)
  await finish(id)
  const stream = await follow(id, { 'last-event-id': 'not a number' })
  expect(await stream.rest()).toMatchObject([{ event: 'end', data: { state: 'completed' } }])
})

test.each(['no-uuid', '00000000-0000-7000-8000-000000000000'])('the job %s has no stream', async id => {
  expect(await intake.send('GET', `/v1/jobs/${id}/events`)).toMatchObject({
    status: 404,
    json: { type: '/problems/no-such-job' },
  })
})

test('a job of another tenant has no stream', async () => {
  const { key } = await createApiKey(intake.database.knex, { name: 'other', tenant: 'other', scopes: ['jobs:read'] })
  const headers = { authorization: `Bearer ${key}` }
  expect(await intake.send('GET', `/v1/jobs/${await given()}/events`, undefined, headers)).toMatchObject({
    status: 404,
  })
})

test('HEAD answers at once', async () => {
  const id = await given()
  expect(await intake.send('HEAD', `/v1/jobs/${id}/events`)).toMatchObject({ status: 200, text: '' })
})

test('a stop of the process ends every stream', async () => {
  const own = await startIntake()
  const job = newJob(notify, { user_id: 'u1', template: 'booking-confirmation', booking_id: '42' })
  await acceptJobs(own.database.run, [job])
  const stream = await openEvents(`${own.url}/v1/jobs/${job.id}/events`, auth)
  await stream.next()
  const rest = stream.rest()
  await own.close()
  expect(await rest).toEqual([])
})
