import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import notificationsSend from '../../queues/notifications/send.ts'
import { createApiKey } from '../../src/db/api-keys.ts'
import type { RunStatement } from '../../src/db/statement.ts'
import { type AskedJob, acceptEach } from '../../src/ledger/accept-once.ts'
import { newJob } from '../../src/ledger/new-job.ts'
import { startIntake, type TestIntake } from '../support/intake.ts'
import { until } from '../support/until.ts'

const path = '/v1/jobs/notifications.send'
const payload = { user_id: 'u1', template: 'booking-confirmation', booking_id: '42' } as const

let intake: TestIntake

beforeAll(async () => {
  intake = await startIntake()
})
afterEach(async () => {
  await intake.database.knex.raw('truncate hbnb_jobs.jobs, hbnb_jobs.job_live, hbnb_jobs.idempotency_keys')
})
afterAll(() => intake.close())

const post = (key: string, body: unknown = payload, query = '', headers: Record<string, string> = {}) =>
  intake.send('POST', path + query, body, { 'idempotency-key': key, ...headers })

test('the same request under the same key makes one job and is answered alike', async () => {
  const first = await post('k1')
  const reordered = '{ "booking_id": "\\u0034\\u0032", "template":"booking-confirmation", "user_id":"u1" }'
  const again = await post('k1', reordered)
  expect(first.status).toBe(202)
  expect(first.headers.get('idempotent-replayed')).toBeNull()
  expect(again).toMatchObject({ status: 202, json: first.json })
  expect(again.headers.get('idempotent-replayed')).toBe('true')
  expect(again.headers.get('location')).toBe(first.headers.get('location'))
  expect(await intake.count('jobs')).toBe(1)
})

test.each([
  ['body', { ...payload, booking_id: '43' }, ''],
  ['option', payload, '?priority=1'],
])('another %s under the same key is refused', async (_, body, query) => {
  await post('k2')
  const answer = await post('k2', body, query)
  expect(answer).toMatchObject({ status: 422, json: { type: '/problems/idempotency-key-reused' } })
  expect(await intake.count('jobs')).toBe(1)
})

test('of twenty at once one is accepted, and the others hear its answer', async () => {
  const answers = await Promise.all(Array.from({ length: 20 }, () => post('k3')))
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 202))
  expect(answers.filter(({ headers }) => !headers.has('idempotent-replayed'))).toHaveLength(1)
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
  expect(await intake.count('jobs')).toBe(1)
})

test('while another process is writing the key a repeat waits, and hears what became of it', async () => {
  const { knex } = intake.database
  await post('k4')
  const row = await knex('hbnb_jobs.idempotency_keys').where({ key: 'k4' }).first()
  const repeat = await knex.transaction(async tx => {
    await tx('hbnb_jobs.idempotency_keys').insert({ ...row, key: 'k4-held', answer: JSON.stringify(row.answer) })
    const sent = post('k4-held')
    await until('the repeat waits for the key', async () => {
      const { rows } = await knex.raw<{ rows: unknown[] }>(
        `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%idempotency_keys%'`,
      )
      return rows.length > 0
    })
    return { sent }
  })
  const answer = await repeat.sent
  expect(answer.json['id']).toBe(row.answer.id)
  expect(answer.headers.get('idempotent-replayed')).toBe('true')
  expect(await intake.count('jobs')).toBe(1)
})

test('a refusal consumes no key', async () => {
  expect(await post('k5', { ...payload, user_id: 7 })).toMatchObject({ status: 422 })
  expect(await intake.count('idempotency_keys')).toBe(0)
  expect(await post('k5')).toMatchObject({ status: 202 })
})

test('keys of two callers never meet', async () => {
  const { key } = await createApiKey(intake.database.knex, { name: 'b', tenant: 'b', scopes: ['jobs:write'] })
  const mine = await post('k6')
  const theirs = await post('k6', { ...payload, booking_id: '43' }, '', { authorization: `Bearer ${key}` })
  expect([mine.status, theirs.status]).toEqual([202, 202])
  expect(await intake.count('jobs')).toBe(2)
})

test('a key is free again after its day', async () => {
  const first = await post('k7')
  await intake.database.knex('hbnb_jobs.idempotency_keys').update({ expires_at: new Date(Date.now() - 1) })
  const second = await post('k7', { ...payload, booking_id: '43' })
  expect(second.status).toBe(202)
  expect(second.json['id']).not.toBe(first.json['id'])
  expect(await post('k7', { ...payload, booking_id: '43' })).toMatchObject({ json: second.json })
})

test.each(['a b', 'x'.repeat(256), ''])('the key %j is not valid', async key => {
  const answer = await post(key)
  expect(answer).toMatchObject({ status: 400, json: { type: '/problems/invalid-idempotency-key' } })
  expect(await intake.count('jobs')).toBe(0)
})

const asked = (key: string | null): AskedJob => {
  const job = newJob(notificationsSend, payload)
  const once = key === null ? null : { caller: 'c', key, requestSha256: 'same', answer: { id: job.id } }
  return { job, once }
}

test('when Postgres goes away behind the commit, what was new is accepted and only repeats must ask again', async () => {
  const { run } = intake.database
  await acceptEach(run, [asked('old')])
  const cut: RunStatement = async (statement, values) => {
    if (statement.name === 'accept-known-keys') throw Object.assign(new Error('cut'), { code: 'ECONNREFUSED' })
    return await run(statement, values)
  }
  const outcomes = await acceptEach(cut, [asked('old'), asked('new'), asked(null)])
  expect(outcomes.map(({ status }) => status)).toEqual(['in-flight', 'accepted', 'accepted'])
  expect(await intake.count('jobs')).toBe(3)
})

test('repeats count as nothing that waits', async () => {
  const own = await startIntake({ WAITING_MAX_JOBS: '5' })
  try {
    const repeat = () => own.send('POST', path, payload, { 'idempotency-key': 'again' })
    for (let sent = 0; sent < 15; sent += 1) expect((await repeat()).status).toBe(202)
  } finally {
    await own.close()
  }
})
