import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { connectDatabase } from '../../src/db/connect.ts'
import { createTestDatabase } from '../setup/database.ts'
import { startIntake, type TestIntake } from '../support/intake.ts'
import { startProxy } from '../support/proxy.ts'
import { openStream, sendLines } from '../support/send-lines.ts'
import { until } from '../support/until.ts'

const payload = { user_id: 'u1', template: 'booking-confirmation', booking_id: '42' }
const lineOf = (options: object = {}) => `${JSON.stringify({ name: 'notifications.send', payload, ...options })}\n`
const streamLimitBytes = 10_485_760

let intake: TestIntake

beforeAll(async () => {
  intake = await startIntake({ LOG_LEVEL: 'silent' })
})
afterEach(async () => {
  await intake.database.knex.raw('truncate hbnb_jobs.jobs, hbnb_jobs.job_live, hbnb_jobs.idempotency_keys')
})
afterAll(() => intake.close())

test('of 10,000 lines the faulty ones are told by their numbers, in order, and the others are accepted', async () => {
  const faults: Readonly<Record<number, string>> = {
    17: 'not json\n',
    4_000: '\n',
    5_000: '{"name":"notifications.send","payload":{"user_id":"\\u0000"}}\n',
    9_999: `{"name":"notifications.send","payload":{"user_id":"${'u'.repeat(80_000)}"}}\n`,
  }
  const body = Array.from({ length: 10_000 }, (_, n) => faults[n + 1] ?? lineOf({ key: `k${n}` })).join('')
  const answers = await sendLines(intake.url, body)
  const sum = answers.pop()
  expect(sum).toEqual({ done: true, accepted: 9_996, replayed: 0, refused: 3, lines: 10_000 })
  expect(answers.map(({ line }) => line)).toEqual(
    Array.from({ length: 10_000 }, (_, n) => n + 1).filter(n => n !== 4_000),
  )
  expect(
    answers.filter(({ status }) => status === 'refused').map(({ line, problem }) => [line, problem?.type]),
  ).toEqual([
    [17, '/problems/bad-json'],
    [5_000, '/problems/invalid-payload'],
    [9_999, '/problems/body-too-large'],
  ])
  expect(await intake.count('jobs')).toBe(9_996)

  const again = await sendLines(intake.url, body)
  expect(again.pop()).toMatchObject({ done: true, accepted: 0, replayed: 9_996, refused: 3 })
  expect(again.map(({ id }) => id)).toEqual(answers.map(({ id }) => id))
  expect(await intake.count('jobs')).toBe(9_996)
})

test('a line is answered while the stream is still open, also one that comes in pieces', async () => {
  const stream = await openStream(intake.url)
  stream.write(lineOf().slice(0, 20))
  stream.write(lineOf().slice(20))
  await until('its answer', () => stream.heard().includes('"line":1,"status":"accepted"'))
  stream.write(lineOf().trimEnd())
  stream.end()
  await until('the sum', () => stream.heard().includes('"done":true,"accepted":2'))
  stream.socket.destroy()
})

test('at 10 MiB the answer names the line reached; the rest goes in another request', async () => {
  const line = lineOf({ tags: Array.from({ length: 10 }, (_, n) => `${'t'.repeat(63)}${n}`) })
  const count = Math.ceil((streamLimitBytes * 1.05) / line.length)
  const answers = await sendLines(intake.url, line.repeat(count))
  const sum = answers.pop()
  const reached = Math.floor(streamLimitBytes / line.length)
  expect(sum).toMatchObject({
    done: false,
    accepted: reached,
    lines: reached,
    problem: { type: '/problems/body-too-large', status: 413, limit_bytes: streamLimitBytes },
  })
  expect(await intake.count('jobs')).toBe(reached)
}, 60_000)

test('a caller that does not read for a while costs little memory, and is answered in the end', async () => {
  // Each of these is answered with 3 KB: unread and unbounded, 90 MB.
  const lines = 30_000
  const names = Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`unknown_${n}`, 1]))
  const stream = await openStream(intake.url)
  stream.socket.pause()
  const before = process.memoryUsage().rss
  stream.write(`${JSON.stringify(names)}\n`.repeat(lines))
  stream.end()
  let most = 0
  for (let looks = 0; looks < 30; looks += 1) {
    await new Promise(resolve => setTimeout(resolve, 100))
    most = Math.max(most, process.memoryUsage().rss - before)
  }
  expect(most / 1_048_576).toBeLessThan(60)

  let answered = ''
  stream.socket.on('data', chunk => {
    answered = (answered + String(chunk)).slice(-1_000)
  })
  stream.forget()
  stream.socket.resume()
  await until('the sum', () => answered.includes(`"done":true,"accepted":0,"replayed":0,"refused":${lines}`), 80_000)
  stream.socket.destroy()
}, 100_000)

test('a caller that goes away in the middle and sends all again makes nothing twice', async () => {
  const body = Array.from({ length: 3_000 }, (_, n) => lineOf({ key: `k${n}` }))
  const stream = await openStream(intake.url)
  stream.write(body.slice(0, 2_000).join(''))
  await until('some answers', () => stream.heard().includes('"line":700,'))
  stream.socket.destroy()
  const answers = await sendLines(intake.url, body.join(''))
  const sum = answers.pop()
  expect(sum).toMatchObject({ done: true, refused: 0 })
  expect(Number(sum?.['replayed'])).toBeGreaterThanOrEqual(700)
  expect(await intake.count('jobs')).toBe(3_000)
  expect(await intake.count('job_live')).toBe(3_000)
})

test('when the answer of a commit is lost the stream ends as unknown, and a repeat finds what was committed', async () => {
  const own = await createTestDatabase()
  const database = connectDatabase(own.url, { poolMax: 1 })
  const proxy = await startProxy(own.url)
  const behind = await startIntake({ DATABASE_URL: proxy.url })
  try {
    const body = Array.from({ length: 300 }, (_, n) => lineOf({ key: `k${n}` })).join('')
    proxy.at('accept-once', 'lose-answer')
    const answers = await sendLines(behind.url, body)
    expect(answers.pop()).toMatchObject({ done: false, problem: { type: '/problems/database-away' } })
    expect(answers[0]).toMatchObject({
      status: 'refused',
      problem: { status: 503, detail: expect.stringMatching(/repeat/) },
    })
    const [committed] = await database.knex('hbnb_jobs.jobs').count<{ count: string }[]>('* as count')
    expect(Number(committed?.count)).toBeGreaterThan(0)

    const again = await sendLines(behind.url, body)
    expect(again.pop()).toMatchObject({ done: true, replayed: Number(committed?.count), refused: 0 })
    const [all] = await database.knex('hbnb_jobs.jobs').count<{ count: string }[]>('* as count')
    expect(Number(all?.count)).toBe(300)
  } finally {
    await behind.close()
    await proxy.close()
    await database.close()
    await own.drop()
  }
})

test('a compressed stream is refused', async () => {
  const answer = await intake.send('POST', '/v1/jobs', 'x', {
    'content-type': 'application/x-ndjson',
    'content-encoding': 'gzip',
  })
  expect(answer).toMatchObject({ status: 415, json: { type: '/problems/unsupported-media-type' } })
})
