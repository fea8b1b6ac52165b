import { afterAll, beforeAll, expect, test } from 'vitest'
import notify from '../../queues/notifications/send.ts'
import { createApiKey } from '../../src/db/api-keys.ts'
import { newJobId } from '../../src/ledger/job-id.ts'
import { endAs, givenEffect, givenOpen } from '../operators/given-job.ts'
import { startIntake, type TestIntake } from '../support/intake.ts'

const payload = { user_id: 'u1', template: 'booking-confirmation', booking_id: '42' } as const

let intake: TestIntake

beforeAll(async () => {
  intake = await startIntake()
})
afterAll(() => intake.close())

const open = () => givenOpen(intake.database, notify, payload)
const post = (id: string, verb: string, headers: Record<string, string> = {}) =>
  intake.send('POST', `/v1/jobs/${id}/${verb}`, undefined, headers)

test('a waiting job is cancelled at once, and is so when it is cancelled again', async () => {
  const id = await open()
  expect(await post(id, 'cancel')).toMatchObject({ status: 200, json: { id, state: 'cancelled' } })
  expect(await post(id, 'cancel')).toMatchObject({ status: 200, json: { id, state: 'cancelled' } })
  const shown = await intake.send('GET', `/v1/jobs/${id}`)
  expect(shown.json).toMatchObject({ state: 'cancelled', reason: 'cancelled over the API' })
})

test('a running job is asked to stop, and so is one whose effect is not known', async () => {
  const running = await open()
  await intake.database.knex('hbnb_jobs.job_live').where({ id: running }).update({ state: 'running' })
  const asked = { status: 202, json: { cancel_requested: true } }
  expect(await post(running, 'cancel')).toMatchObject({ ...asked, json: { id: running, state: 'active' } })
  const parked = await open()
  await givenEffect(intake.database, parked, 'mail', 'sending')
  await intake.database.knex('hbnb_jobs.job_live').where({ id: parked }).update({ state: 'parked' })
  expect(await post(parked, 'cancel')).toMatchObject({ ...asked, json: { id: parked, state: 'parked' } })
  expect(
    await intake.database.knex('hbnb_jobs.job_live').whereIn('id', [running, parked]).pluck('cancel_requested'),
  ).toEqual([true, true])
})

test.each(['completed', 'skipped', 'failed', 'quarantined'] as const)(
  'a job that is %s cannot be cancelled',
  async state => {
    const id = await open()
    await endAs(intake.database, id, state)
    expect(await post(id, 'cancel')).toMatchObject({ status: 409, json: { type: '/problems/job-ended', state } })
  },
)

test.each(['failed', 'quarantined', 'cancelled'] as const)('a job that is %s is retried', async state => {
  const id = await open()
  await endAs(intake.database, id, state)
  expect(await post(id, 'retry')).toMatchObject({ status: 202, json: { id, state: 'waiting' } })
  expect((await intake.send('GET', `/v1/jobs/${id}`)).json).toMatchObject({ state: 'waiting' })
})

test.each(['completed', 'skipped'] as const)('a job that is %s is not retried', async state => {
  const id = await open()
  await endAs(intake.database, id, state)
  expect(await post(id, 'retry')).toMatchObject({ status: 409, json: { type: '/problems/job-not-retryable', state } })
})

test('neither an open job nor an expired one is retried', async () => {
  expect(await post(await open(), 'retry')).toMatchObject({ status: 409, json: { state: 'waiting' } })
  const late = await givenOpen(intake.database, notify, payload, { expiresAt: new Date(Date.now() - 1) })
  await endAs(intake.database, late, 'failed')
  expect(await post(late, 'retry')).toMatchObject({
    status: 409,
    json: { state: 'failed', detail: expect.stringContaining('expires_at') },
  })
})

test.each(['cancel', 'retry'])('%s: strangers, and jobs that are not there', async verb => {
  const id = await open()
  for (const unknown of ['no-uuid', newJobId()]) {
    expect(await post(unknown, verb)).toMatchObject({ status: 404, json: { type: '/problems/no-such-job' } })
  }
  const { key } = await createApiKey(intake.database.knex, { name: 'o', tenant: 'other', scopes: ['jobs:write'] })
  expect(await post(id, verb, { authorization: `Bearer ${key}` })).toMatchObject({ status: 404 })
  const reader = await createApiKey(intake.database.knex, { name: 'r', tenant: 'default', scopes: ['jobs:read'] })
  expect(await post(id, verb, { authorization: `Bearer ${reader.key}` })).toMatchObject({ status: 403 })
  expect((await intake.send('GET', `/v1/jobs/${id}`)).json).toMatchObject({ state: 'waiting' })
})
