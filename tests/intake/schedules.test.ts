import { afterAll, beforeAll, expect, test } from 'vitest'
import { createApiKey } from '../../src/db/api-keys.ts'
import { startIntake, type TestIntake } from '../support/intake.ts'
import { until } from '../support/until.ts'

const payload = { user_id: 'u1', template: 'booking-confirmation', booking_id: '42' }
const nightly = {
  name: 'notifications.send',
  cron: '30 2 * * *',
  zone: 'Europe/Paris',
  missed: 'once',
  overlap: 'skip',
  payload,
}

let intake: TestIntake

beforeAll(async () => {
  intake = await startIntake()
})
afterAll(() => intake.close())

async function keyOf(tenant: string): Promise<Record<string, string>> {
  const scopes = ['schedules:read', 'schedules:write'] as const
  const { key } = await createApiKey(intake.database.knex, { name: `of ${tenant}`, tenant, scopes })
  return { authorization: `Bearer ${key}` }
}

test('a schedule is made, shown, changed, previewed, run, paused, resumed and removed', async () => {
  const path = '/v1/schedules/nightly-mail'
  const made = await intake.send('PUT', path, nightly)
  expect(made).toMatchObject({
    status: 201,
    json: { key: 'nightly-mail', name: 'notifications.send', source: 'api', missed: 'once', tenant: 'default' },
  })
  expect((await intake.send('GET', path)).json).toEqual(made.json)
  expect(await intake.send('PUT', path, { ...nightly, missed: { all: 3 }, overlap: 'queue' })).toMatchObject({
    status: 200,
    json: { missed: { all: 3 }, overlap: 'queue' },
  })

  const { json } = await intake.send('GET', `${path}/preview?count=2`)
  expect(json['slots']).toMatchObject([{ local: expect.stringContaining('T02:30:00'), payload }, { payload }])

  const run = await intake.send('POST', `${path}/run`)
  expect(run).toMatchObject({ status: 202, json: { links: { self: run.headers.get('location') } } })
  expect((await intake.send('GET', String(run.headers.get('location')))).json).toMatchObject({
    name: 'notifications.send',
    entity: 'schedule:nightly-mail',
  })

  const paused = await intake.send('POST', `${path}/pause`)
  expect(paused).toMatchObject({ status: 200, json: { paused_by: 'key:bootstrap', next_slot: null } })
  expect(paused.json['paused_at']).toEqual(expect.any(String))
  expect(await intake.send('POST', `${path}/resume`)).toMatchObject({ status: 200, json: { paused_at: null } })

  expect((await intake.send('GET', '/v1/schedules')).json).toMatchObject({
    schedules: [{ key: 'nightly-mail' }],
    next_cursor: null,
  })
  expect(await intake.send('DELETE', path)).toMatchObject({ status: 204, text: '' })
  expect(await intake.send('GET', path)).toMatchObject({ status: 404, json: { type: '/problems/no-such-schedule' } })
})

test.each([
  ['an unknown cron', { ...nightly, cron: '99 * * * *' }, '/cron'],
  ['an unknown zone', { ...nightly, zone: 'Mars/Olympus' }, '/zone'],
  ['an unknown field', { ...nightly, color: 'red' }, '/color'],
  ['a payload its job type refuses', { ...nightly, payload: { user_id: 7 } }, '/payload/user_id'],
  ['a missing job type', { ...nightly, name: undefined }, '/name'],
])('%s is refused by its place', async (_what, body, field) => {
  const answer = await intake.send('PUT', '/v1/schedules/bad', body)
  expect(answer).toMatchObject({ status: 422, json: { type: '/problems/invalid-schedule' } })
  expect(answer.json['errors']).toContainEqual(expect.objectContaining({ field }))
})

function put(key: string, body: object, headers: Record<string, string> = {}) {
  return intake.send('PUT', `/v1/schedules/${key}`, body, headers)
}

test('a schedule needs a job type that is there and open, and a key that is free', async () => {
  expect(await put('a', { ...nightly, name: 'no.such' })).toMatchObject({
    status: 404,
    json: { type: '/problems/unknown-job' },
  })
  expect(await put('a', { ...nightly, name: 'email.send', payload: {} })).toMatchObject({ status: 403 })
  expect(await put('notifications.send', nightly)).toMatchObject({ status: 409 })
  expect(await put('Not%20a%20key', nightly)).toMatchObject({ status: 422 })
  expect(await put('taken', nightly)).toMatchObject({ status: 201 })
  expect(await put('taken', nightly, await keyOf('other'))).toMatchObject({
    status: 409,
    json: { type: '/problems/schedule-key-taken' },
  })
})

test('schedules of other tenants do not exist', async () => {
  await intake.send('PUT', '/v1/schedules/ours', nightly)
  const headers = await keyOf('stranger')
  const theirs = (method: string, path: string) => intake.send(method, path, undefined, headers)
  expect((await theirs('GET', '/v1/schedules')).json).toEqual({ schedules: [], next_cursor: null })
  for (const [method, path] of [
    ['GET', ''],
    ['DELETE', ''],
    ['POST', '/run'],
    ['POST', '/pause'],
    ['POST', '/resume'],
    ['GET', '/preview'],
  ] as const) {
    expect(await theirs(method, `/v1/schedules/ours${path}`), `${method} ${path}`).toMatchObject({ status: 404 })
  }
  expect(await intake.send('GET', '/v1/schedules/a%00b')).toMatchObject({ status: 404 })
  expect(await intake.send('GET', '/v1/schedules/ours')).toMatchObject({ status: 200, json: { paused_at: null } })
})

test('a connection cut while a schedule is run: 503 says that the outcome is not known', async () => {
  const { knex } = intake.database
  expect((await intake.send('PUT', '/v1/schedules/cut', nightly)).status).toBe(201)
  const answer = await knex.transaction(async tx => {
    await tx.raw('lock table hbnb_jobs.jobs in exclusive mode')
    const sent = intake.send('POST', '/v1/schedules/cut/run')
    await until('the insert that waits is cut off', async () => {
      const { rows } = await knex.raw<{ rows: unknown[] }>(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and wait_event_type = 'Lock' and query like '%insert into hbnb_jobs.jobs%'`,
      )
      return rows.length > 0
    })
    return await sent
  })
  expect(answer).toMatchObject({ status: 503, json: { type: '/problems/database-away' } })
  expect(answer.json['detail']).toMatch(/^outcome unknown/)
})
