import { afterAll, beforeAll, expect, test } from 'vitest'
import { loadCatalog } from '../../queues/catalog.ts'
import { createApiKey } from '../../src/db/api-keys.ts'
import { statementsIn } from '../../src/db/statement.ts'
import { finishBatches } from '../../src/ledger/batches-finish.ts'
import { declareJobTypes } from '../../src/ledger/job-types.ts'
import { startIntake, type TestIntake } from '../support/intake.ts'
import { until } from '../support/until.ts'

const payload = { user_id: 'u1', template: 'booking-confirmation', booking_id: '42' }
const path = '/v1/jobs/notifications.send'
const whenDone = { name: 'notifications.send', payload: { ...payload, booking_id: 'last' } }

let intake: TestIntake

beforeAll(async () => {
  intake = await startIntake()
  await declareJobTypes(intake.database.run, await loadCatalog())
})
afterAll(() => intake.close())

async function openBatch(body: object = {}): Promise<string> {
  const answer = await intake.send('POST', '/v1/batches', body)
  expect(answer).toMatchObject({ status: 201, json: { state: 'open', total: 0, progress: 0 } })
  expect(answer.headers.get('location')).toBe(`/v1/batches/${String(answer.json['id'])}`)
  return String(answer.json['id'])
}

const add = (batch: string, headers: Record<string, string> = {}) =>
  intake.send('POST', `${path}?batch=${batch}`, payload, headers)
const shown = async (batch: string) => (await intake.send('GET', `/v1/batches/${batch}`)).json
const close = (batch: string) => intake.send('POST', `/v1/batches/${batch}/close`)
const finish = () => finishBatches(intake.database.run)

/** Ends jobs of a batch as a runner would. */
async function end(batch: string, outcome: string, count: number): Promise<void> {
  await intake.database.knex.raw(
    `with gone as (
       delete from hbnb_jobs.job_live where id in (
         select id from hbnb_jobs.jobs join hbnb_jobs.job_live using (id) where batch_id = ? order by id desc limit ?)
       returning id)
     insert into hbnb_jobs.job_outcomes (id, outcome, attempts) select id, ?::hbnb_jobs.job_outcome, 1 from gone`,
    [batch, count, outcome],
  )
}

const madeBy = (batch: string) => intake.database.knex('hbnb_jobs.jobs').whereRaw('? = any(tags)', [`batch:${batch}`])

test('jobs are counted until all have ended, and then one job more is made, once', async () => {
  const batch = await openBatch({ about: 'mails of November', entity: 'booking:42', when_done: whenDone })
  const items = Array.from({ length: 8 }, () => ({ name: 'notifications.send', payload }))
  expect((await intake.send('POST', `/v1/jobs?batch=${batch}`, items)).json).toMatchObject({ accepted: 8 })
  await add(batch)
  await add(batch, { 'idempotency-key': 'in-batch' })
  for (const [outcome, count] of Object.entries({
    completed: 3,
    skipped: 1,
    failed: 1,
    quarantined: 1,
    cancelled: 1,
  })) {
    await end(batch, outcome, count)
  }
  expect(await finish()).toBe(0)
  expect(await shown(batch)).toMatchObject({
    state: 'open',
    about: 'mails of November',
    total: 10,
    open: 3,
    completed: 3,
    skipped: 1,
    failed: 2,
    cancelled: 1,
    progress: 0.7,
    when_done: { name: 'notifications.send', job_id: null },
  })

  expect(await close(batch)).toMatchObject({ status: 200, json: { state: 'closed' } })
  expect(await add(batch)).toMatchObject({ status: 409, json: { type: '/problems/batch-closed' } })
  expect(await finish()).toBe(0)
  await end(batch, 'completed', 2)
  expect(await finish()).toBe(0)
  await end(batch, 'completed', 1)

  const ended = await Promise.all(Array.from({ length: 5 }, finish))
  expect(ended.reduce((sum, one) => sum + one, 0)).toBe(1)
  const [job, ...others] = await madeBy(batch)
  expect(others).toEqual([])
  expect(job).toMatchObject({ payload: whenDone.payload, entity: 'booking:42', tenant: 'default', batch_id: null })
  expect(job.expires_at).toBeInstanceOf(Date)
  expect(await shown(batch)).toMatchObject({
    state: 'done',
    progress: 1,
    completed: 6,
    done_at: expect.any(String),
    when_done: { job_id: job.id },
  })
})

test('a pass that is cut off at any point leaves nothing half: the next makes the job', async () => {
  const batch = await openBatch({ when_done: whenDone })
  await add(batch)
  await close(batch)
  await end(batch, 'failed', 1)
  const cut = new Error('cut off')
  await expect(
    intake.database.knex.transaction(async tx => {
      expect(await finishBatches(statementsIn(tx))).toBe(1)
      throw cut
    }),
  ).rejects.toBe(cut)
  expect(await madeBy(batch)).toEqual([])
  expect(await shown(batch)).toMatchObject({ state: 'closed' })
  expect(await finish()).toBe(1)
  expect(await madeBy(batch)).toHaveLength(1)
  expect(await finish()).toBe(0)
})

test('a job retried behind the last look is waited for', async () => {
  const batch = await openBatch()
  await add(batch)
  await add(batch)
  await close(batch)
  await end(batch, 'failed', 1)
  await finish()
  const { knex } = intake.database
  // As a retry by hand does: the outcome goes, the live row is back.
  const [failed] = await knex('hbnb_jobs.jobs').where({ batch_id: batch }).orderBy('id', 'desc').limit(1)
  const [open] = await knex('hbnb_jobs.jobs').where({ batch_id: batch }).orderBy('id').limit(1)
  await knex('hbnb_jobs.job_outcomes').where({ id: failed.id }).delete()
  const { name, priority, run_at } = failed
  await knex('hbnb_jobs.job_live').insert({ id: failed.id, name, priority, run_at })
  await knex('hbnb_jobs.job_live').where({ id: open.id }).delete()
  await knex('hbnb_jobs.job_outcomes').insert({ id: open.id, outcome: 'completed', attempts: 1 })
  expect(await finish()).toBe(0)
  expect(await shown(batch)).toMatchObject({ state: 'closed', open: 1 })
  await end(batch, 'completed', 1)
  await finish()
  expect(await shown(batch)).toMatchObject({ state: 'done' })
})

test('closing waits for whoever is putting a job in', async () => {
  const batch = await openBatch()
  const { knex } = intake.database
  const closing = await knex.transaction(async tx => {
    await tx.raw('select from hbnb_jobs.batches where id = ? for share', [batch])
    const sent = close(batch)
    await until('the close waits', async () => {
      const { rows } = await knex.raw<{ rows: unknown[] }>(
        `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%closed_at%'`,
      )
      return rows.length > 0
    })
    return { sent }
  })
  expect(await closing.sent).toMatchObject({ status: 200 })
})

test('a repeat of a job that is in is replayed, also when the batch is closed by now; a refusal uses up no key', async () => {
  const batch = await openBatch()
  const first = await add(batch, { 'idempotency-key': 'before' })
  await close(batch)
  expect(await add(batch, { 'idempotency-key': 'before' })).toMatchObject({
    status: 202,
    json: { id: first.json['id'] },
  })
  expect(await add(batch, { 'idempotency-key': 'after' })).toMatchObject({ status: 409 })
  expect(await intake.database.knex('hbnb_jobs.idempotency_keys').where({ key: 'after' })).toEqual([])
})

test('an empty batch is done when it is closed; closing again changes nothing', async () => {
  const batch = await openBatch({ when_done: whenDone })
  const first = await close(batch)
  expect(first.json).toMatchObject({ state: 'closed', progress: 1 })
  expect((await close(batch)).json['closed_at']).toBe(first.json['closed_at'])
  await finish()
  await finish()
  expect(await madeBy(batch)).toHaveLength(1)
})

test('however many batches wait for jobs far ahead, one behind them is done', async () => {
  const { knex } = intake.database
  await knex.raw(
    `with b as (
       insert into hbnb_jobs.batches (id, tenant, closed_at)
       select hbnb_jobs.uuid_v7(), 'patient', now() from generate_series(1, 250) returning id
     ), j as (
       insert into hbnb_jobs.jobs (id, name, version, payload, tenant, priority, run_at, batch_id)
       select hbnb_jobs.uuid_v7(), 'notifications.send', 1, '{}', 'patient', 5, now() + interval '1 year', id from b returning id
     ) insert into hbnb_jobs.job_live (id, name, priority, run_at)
       select id, 'notifications.send', 5, now() + interval '1 year' from j`,
  )
  const batch = await openBatch({ when_done: whenDone })
  await close(batch)
  await finish()
  await finish()
  expect(await madeBy(batch)).toHaveLength(1)
  expect(await knex('hbnb_jobs.batches').where({ tenant: 'patient' }).whereNotNull('done_at')).toEqual([])
})

test('a batch of another tenant is not there, and takes no jobs of others', async () => {
  const batch = await openBatch()
  const { key } = await createApiKey(intake.database.knex, {
    name: 'b',
    tenant: 'b',
    scopes: ['jobs:write', 'jobs:read'],
  })
  const headers = { authorization: `Bearer ${key}` }
  expect(await intake.send('GET', `/v1/batches/${batch}`, undefined, headers)).toMatchObject({ status: 404 })
  expect(await intake.send('POST', `/v1/batches/${batch}/close`, undefined, headers)).toMatchObject({ status: 404 })
  expect(await add(batch, headers)).toMatchObject({ status: 409 })
  expect(await shown(batch)).toMatchObject({ state: 'open', total: 0 })
  expect(await intake.send('GET', '/v1/batches/x')).toMatchObject({
    status: 404,
    json: { type: '/problems/no-such-batch' },
  })
})

test.each([
  ['an unknown field', { colour: 'red' }, 422, '/colour'],
  ['an unknown job type', { when_done: { name: 'no.such', payload: {} } }, 404, undefined],
  [
    'a payload its contract does not take',
    { when_done: { name: 'notifications.send', payload: {} } },
    422,
    '/when_done/payload/user_id',
  ],
  [
    'a payload that is too large for its job',
    { when_done: { name: 'notifications.send', payload: { ...payload, user_id: 'u'.repeat(1_100) } } },
    413,
    undefined,
  ],
  ['a name given twice', '{"about":"a","about":"b"}', 422, '/about'],
])('%s is refused', async (_, body, status, field) => {
  const answer = await intake.send('POST', '/v1/batches', body)
  expect(answer.status).toBe(status)
  if (field) expect(answer.json['errors']).toContainEqual(expect.objectContaining({ field }))
})
