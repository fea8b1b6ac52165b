import { afterAll, beforeAll, expect, test } from 'vitest'
import notify from '../../queues/notifications/send.ts'
import { acceptJobs } from '../../src/ledger/accept.ts'
import { newJobId } from '../../src/ledger/job-id.ts'
import { newJob } from '../../src/ledger/new-job.ts'
import { findJobStatus } from '../../src/ledger/status.ts'
import { startIntake, type TestIntake } from '../support/intake.ts'

const payload = { user_id: 'u1', template: 'booking-confirmation', booking_id: '42' } as const
const error = { name: 'TemporaryError', code: 'sendgrid-busy', message: 'wait' }

let intake: TestIntake

beforeAll(async () => {
  intake = await startIntake()
})
afterAll(() => intake.close())

async function accepted(live: Record<string, unknown> = {}): Promise<string> {
  const job = newJob(notify, payload, { entity: 'booking:42' })
  await acceptJobs(intake.database.run, [job])
  if (Object.keys(live).length > 0) await intake.database.knex('hbnb_jobs.job_live').where({ id: job.id }).update(live)
  return job.id
}

async function finish(id: string, outcome: string): Promise<void> {
  const { knex } = intake.database
  await knex('hbnb_jobs.job_live').where({ id }).delete()
  await knex('hbnb_jobs.job_outcomes').insert({ id, outcome, attempts: 2, error, started_at: new Date() })
}

const show = (id: string) => findJobStatus(intake.database.run, id, 'default')
const inAnHour = () => new Date(Date.now() + 3_600_000)

test.each([
  ['waiting', {}],
  ['waiting', { state: 'queued', run: 1 }],
  ['scheduled', { run_at: inAnHour() }],
  ['active', { state: 'running', run: 1, token: 1, attempts: 2 }],
  ['retrying', { state: 'queued', run: 1, attempts: 1 }],
  ['retrying', { state: 'accepted', run_at: inAnHour(), attempts: 1 }],
  ['parked', { state: 'parked', run_at: inAnHour() }],
])('a job is %s when its row says %j', async (state, live) => {
  expect(await show(await accepted(live))).toMatchObject({ state, finished_at: null })
})

test.each(['completed', 'skipped', 'failed', 'cancelled', 'quarantined'])(
  'a job that ended as %s is so',
  async outcome => {
    const id = await accepted()
    await finish(id, outcome)
    expect(await show(id)).toMatchObject({
      state: outcome,
      attempts: 2,
      error,
      finished_at: expect.any(String),
      next_at: null,
    })
  },
)

test('attempts, effects and children stand in one status, in order of time', async () => {
  const { knex } = intake.database
  const id = await accepted({ state: 'queued', attempts: 1 })
  const next = inAnHour()
  await knex('hbnb_jobs.job_attempts').insert([
    { job_id: id, attempt: 1, token: 1, ending: 'not-yet', ended_at: new Date(Date.now() - 2_000) },
    { job_id: id, attempt: 1, token: 2, ending: 'retry', error, next_at: next },
  ])
  await knex('hbnb_jobs.effects').insert({
    id: newJobId(),
    job_id: id,
    key: 'mail',
    provider: 'sendgrid',
    state: 'accepted',
    sends: 1,
    provider_id: 'msg-1',
  })
  const child = newJob(notify, payload)
  await acceptJobs(intake.database.run, [{ ...child, parentId: id, childKey: 'email' }])

  expect(await show(id)).toMatchObject({
    state: 'retrying',
    next_at: expect.stringContaining(next.toISOString().slice(0, 19)),
    effects: [{ key: 'mail', provider: 'sendgrid', state: 'accepted', provider_id: 'msg-1', sends: 1 }],
    children: [{ id: child.id, name: 'notifications.send', state: 'waiting' }],
    attempts_log: [
      { attempt: 1, ending: 'not-yet' },
      { attempt: 1, ending: 'retry', error },
    ],
  })
  await finish(id, 'failed')
  expect((await show(id))?.attempts_log.at(-1)).toMatchObject({ attempt: 2, ending: 'failed', error })
})

test('jobs of another tenant are not there', async () => {
  expect(await findJobStatus(intake.database.run, await accepted(), 'somebody-else')).toBeUndefined()
})
