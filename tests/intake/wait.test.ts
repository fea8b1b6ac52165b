import { afterAll, beforeAll, expect, test } from 'vitest'
import { finishRuns } from '../../src/ledger/outcome.ts'
import { startIntake, type TestIntake } from '../support/intake.ts'
import { until } from '../support/until.ts'

const path = '/v1/jobs/notifications.send'
const payload = { user_id: 'u1', template: 'booking-confirmation', booking_id: '42' }

let intake: TestIntake

beforeAll(async () => {
  intake = await startIntake()
})
afterAll(() => intake.close())

/** Ends the next job that appears, as a worker would. */
async function endNext(error: { name: string; code: string; message: string } | null = null): Promise<string> {
  const { knex, run } = intake.database
  const id = await until('a job waits', async () => {
    const row = await knex('hbnb_jobs.job_live').where({ state: 'accepted' }).first<{ id: string } | undefined>('id')
    return row?.id
  })
  await knex('hbnb_jobs.job_live').where({ id }).update({ state: 'running', token: 1, changed_at: knex.fn.now() })
  const outcome = error ? 'failed' : 'completed'
  const ending = { kind: 'finish', outcome, result: error ? null : { channels: 1 }, reason: null, error } as const
  await finishRuns(run, [{ id, token: 1, ending }])
  return id
}

test('a job that ends in time is answered as it ended', async () => {
  const [answer, id] = await Promise.all([intake.send('POST', path, payload, { prefer: 'wait=20' }), endNext()])
  expect(answer).toMatchObject({ status: 200, json: { id, state: 'completed', result: { channels: 1 }, attempts: 1 } })
  expect(answer.headers.get('preference-applied')).toBe('wait=20')
  expect(answer.headers.get('location')).toBe(`/v1/jobs/${id}`)
})

test('so is a failure', async () => {
  const error = { name: 'PermanentError', code: 'mail-refused', message: 'refused' }
  const [answer] = await Promise.all([
    intake.send('POST', path, payload, { prefer: 'respond-async, wait="25"; why=test' }),
    endNext(error),
  ])
  expect(answer).toMatchObject({ status: 200, json: { state: 'failed', error } })
})

test('a job that does not end in time is answered as usual', async () => {
  const answer = await intake.send('POST', path, payload, { prefer: 'wait=1' })
  expect(answer).toMatchObject({ status: 202, json: { state: 'waiting' } })
  expect(answer.headers.get('preference-applied')).toBe('wait=1')
  await endNext()
})

test.each(['wait=0', 'wait=soon', 'return=minimal', 'waiting=3', ''])(
  'the preference %j is none to wait',
  async prefer => {
    const answer = await intake.send('POST', path, payload, { prefer })
    expect(answer.status).toBe(202)
    expect(answer.headers.get('preference-applied')).toBeNull()
    await endNext()
  },
)

test('a repeat under its key waits for the first job, and nobody waits longer than 30 s', async () => {
  const headers = { 'idempotency-key': 'waits', prefer: 'wait=1000' }
  const first = await intake.send('POST', path, payload, { 'idempotency-key': 'waits' })
  const [again, id] = await Promise.all([intake.send('POST', path, payload, headers), endNext()])
  expect(first.json['id']).toBe(id)
  expect(again).toMatchObject({ status: 200, json: { id, state: 'completed' } })
  expect(again.headers.get('idempotent-replayed')).toBe('true')
  expect(again.headers.get('preference-applied')).toBe('wait=30')
})

test('a process that stops answers those who wait', async () => {
  const own = await startIntake()
  const answer = own.send('POST', path, payload, { prefer: 'wait=30' })
  await until('it is accepted', async () => (await own.count('jobs')) === 1)
  const startedMs = performance.now()
  const closing = own.close()
  expect((await answer).status).toBe(202)
  await closing
  expect(performance.now() - startedMs).toBeLessThan(20_000)
})

test('when Postgres goes away behind the commit, the job is answered as accepted', async () => {
  const { knex } = intake.database
  const answer = await knex.transaction(async tx => {
    await tx.raw('lock table hbnb_jobs.effects in access exclusive mode')
    const sent = intake.send('POST', path, payload, { prefer: 'wait=20' })
    await endNext()
    await until('the look at the job is cut off', async () => {
      const { rows } = await knex.raw<{ rows: unknown[] }>(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and wait_event_type = 'Lock' and query like '%jsonb_build_object%'`,
      )
      return rows.length > 0
    })
    return await sent
  })
  expect(answer).toMatchObject({ status: 202, json: { state: 'waiting' } })
})
