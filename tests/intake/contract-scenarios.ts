import type { ApiOperation } from '../support/described-api.ts'
import type { Answer, TestIntake } from '../support/intake.ts'
import { type Attempt, firstTry } from '../support/provoke.ts'
import { inboxScenarios } from './contract-inbox.ts'
import { notificationScenarios, notificationTries } from './contract-notifications.ts'
import { entityTries, platformScenarios } from './contract-platform.ts'
import { syncScenarios } from './contract-sync.ts'
import { webhookScenarios } from './contract-webhooks.ts'

/** Sends one request and checks its answer against the description. */
export type Send = (attempt: Attempt) => Promise<Answer>

/** Brings about what one operation can answer. */
export type Scenario = (operation: ApiOperation, send: Send, intake: TestIntake) => Promise<void>

/** As put-schedule.ts has it. */
const maxSchedulesPerTenant = 1_000
const json = { 'content-type': 'application/json' }
const notify = { user_id: 'u1', template: 'booking-confirmation', booking_id: '42' }
const post = (path: string, body?: unknown, headers: Record<string, string> = {}): Attempt => ({
  method: 'POST',
  path,
  headers: { ...json, ...headers },
  ...(body === undefined ? {} : { body: JSON.stringify(body) }),
})

const schedule = {
  name: 'notifications.send',
  cron: '0 8 * * *',
  zone: 'Europe/Paris',
  missed: 'skip',
  overlap: 'skip',
  payload: notify,
}

const goodBodies: Readonly<Record<string, unknown>> = {
  'accept-notifications.send': notify,
  acceptMany: [{ name: 'notifications.send', payload: notify }],
  createBatch: { when_done: { name: 'notifications.send', payload: notify } },
  putSchedule: schedule,
  ...entityTries,
  ...notificationTries,
}

/** A try that nothing is wrong with. */
export function goodTry(operation: ApiOperation): Attempt {
  const body = goodBodies[operation.id]
  return { ...firstTry(operation), ...(body === undefined ? {} : { body: JSON.stringify(body) }) }
}

async function jobOf(intake: TestIntake): Promise<string> {
  const made = await intake.send('POST', '/v1/jobs/notifications.send', notify)
  return String(made.json['id'])
}

async function batchOf(intake: TestIntake): Promise<string> {
  return String((await intake.send('POST', '/v1/batches', {})).json['id'])
}

const contractKey = 'contract'

async function scheduleOf(intake: TestIntake): Promise<string> {
  await intake.send('PUT', `/v1/schedules/${contractKey}`, schedule)
  return contractKey
}

/** Does something to a schedule of a job type that is there, then of one that is no more. */
async function ofGoneJob(intake: TestIntake, work: (key: string) => Promise<unknown>): Promise<void> {
  const key = await scheduleOf(intake)
  await work(key)
  const rename = (job_name: string) => intake.database.knex('hbnb_jobs.schedules').where({ key }).update({ job_name })
  await rename('no.such')
  await work(key)
  await rename('notifications.send')
}

const cancel = (intake: TestIntake, id: string) => intake.send('POST', `/v1/jobs/${id}/cancel`)

const acceptOne: Scenario = async (operation, send, intake) => {
  const good = goodTry(operation)
  const { headers = {} } = good
  const once = { ...headers, 'idempotency-key': `once-${operation.id}` }
  await send({ ...good, headers: once })
  await send({ ...good, headers: once })
  await send({ ...good, path: `${good.path}?priority=1`, headers: once })
  await send({ ...good, path: `${good.path}?dry_run=true` })
  const batch = await batchOf(intake)
  await intake.send('POST', `/v1/batches/${batch}/close`)
  await send({ ...good, path: `${good.path}?batch=${batch}` })
  await send({ ...good, path: `${good.path}?expires_at=2020-01-01T00:00:00Z` })
  await send({ ...good, headers: { ...headers, prefer: 'wait=1' } })
}

/** What one operation alone can answer, and how to make it. Operations that take any first try need none. */
const scenarios: Readonly<Record<string, Scenario>> = {
  async acceptMany(operation, send) {
    const good = goodTry(operation)
    await send({ ...good, headers: { ...good.headers, 'idempotency-key': 'of-all' } })
    const items = [{ name: 'notifications.send', payload: notify }, { name: 'no.such' }]
    await send(post('/v1/jobs', items))
    const lines = items.map(item => `${JSON.stringify(item)}\n`).join('')
    await send({ ...post('/v1/jobs'), headers: { 'content-type': 'application/x-ndjson' }, body: lines })
  },
  async createBatch(_operation, send) {
    for (const name of ['notifications.send', 'no.such', 'webhooks.process']) {
      await send(post('/v1/batches', { when_done: { name, payload: notify } }))
    }
    const key = { 'idempotency-key': 'contract-batch' }
    for (const about of ['one', 'two']) await send(post('/v1/batches', { about }, key))
  },
  async closeBatch(_operation, send, intake) {
    await send(post(`/v1/batches/${await batchOf(intake)}/close`))
  },
  async showBatch(_operation, send, intake) {
    await send({ method: 'GET', path: `/v1/batches/${await batchOf(intake)}` })
  },
  async showJob(_operation, send, intake) {
    await send({ method: 'GET', path: `/v1/jobs/${await jobOf(intake)}` })
  },
  async findJobs(_operation, send, intake) {
    await jobOf(intake)
    await send({ method: 'GET', path: '/v1/jobs?limit=1' })
  },
  async cancelJob(_operation, send, intake) {
    const id = await jobOf(intake)
    await send(post(`/v1/jobs/${id}/cancel`))
    await send(post(`/v1/jobs/${id}/cancel`))
    const done = await jobOf(intake)
    await cancel(intake, done)
    await intake.database.knex('hbnb_jobs.job_outcomes').where({ id: done }).update({ outcome: 'completed' })
    await send(post(`/v1/jobs/${done}/cancel`))
    const running = await jobOf(intake)
    await intake.database.knex('hbnb_jobs.job_live').where({ id: running }).update({ state: 'running' })
    await send(post(`/v1/jobs/${running}/cancel`))
  },
  async retryJob(_operation, send, intake) {
    const id = await jobOf(intake)
    await send(post(`/v1/jobs/${id}/retry`))
    await cancel(intake, id)
    await send(post(`/v1/jobs/${id}/retry`))
  },
  async followJob(_operation, send, intake) {
    const id = await jobOf(intake)
    await cancel(intake, id)
    const path = `/v1/jobs/${id}/events`
    await send({ method: 'GET', path })
    await send({ method: 'GET', path, headers: { 'last-event-id': String(Number.MAX_SAFE_INTEGER) } })
  },
  async showStory(_operation, send, intake) {
    await intake.send('POST', '/v1/jobs/notifications.send?entity=booking:42', notify)
    await send({ method: 'GET', path: '/v1/stories/booking:42' })
  },
  async putSchedule(operation, send, intake) {
    const rows = () => intake.database.knex('hbnb_jobs.schedules')
    const put = (key: string, body: unknown = schedule) =>
      send({ ...firstTry(operation), path: `/v1/schedules/${key}`, body: JSON.stringify(body) })
    await put('contract-put')
    await put('contract-put')
    await put('contract-put', { ...schedule, name: 'no.such' })
    await put('contract-put', { ...schedule, name: 'webhooks.process' })
    await rows().where({ key: 'contract-put' }).update({ tenant: 'other' })
    await put('contract-put')
    await rows().where({ key: 'contract-put' }).update({ source: 'contract' })
    await put('contract-put')
    await rows().where({ key: 'contract-put' }).update({ source: 'api', tenant: 'default' })
    const row = await rows().where({ key: 'contract-put' }).first<object>()
    await rows().insert(Array.from({ length: maxSchedulesPerTenant }, (_none, at) => ({ ...row, key: `filler-${at}` })))
    await put('one-too-many')
    await rows().where('key', 'like', 'filler-%').delete()
  },
  async showSchedule(_operation, send, intake) {
    await send({ method: 'GET', path: `/v1/schedules/${await scheduleOf(intake)}` })
  },
  async removeSchedule(_operation, send, intake) {
    const remove = { method: 'DELETE', path: `/v1/schedules/${await scheduleOf(intake)}` }
    const ofContract = (source: string) =>
      intake.database.knex('hbnb_jobs.schedules').where({ key: contractKey }).update({ source })
    await ofContract('contract')
    await send(remove)
    await ofContract('api')
    await send(remove)
  },
  async runSchedule(_operation, send, intake) {
    await ofGoneJob(intake, key => send(post(`/v1/schedules/${key}/run`)))
  },
  async pauseSchedule(_operation, send, intake) {
    await send(post(`/v1/schedules/${await scheduleOf(intake)}/pause`))
  },
  async resumeSchedule(_operation, send, intake) {
    await send(post(`/v1/schedules/${await scheduleOf(intake)}/resume`))
  },
  async previewSchedule(_operation, send, intake) {
    await ofGoneJob(intake, key => send({ method: 'GET', path: `/v1/schedules/${key}/preview?count=2` }))
  },
  ...inboxScenarios,
  ...notificationScenarios,
  ...platformScenarios,
  ...syncScenarios,
  ...webhookScenarios,
  async showProblem(_operation, send) {
    await send({ method: 'GET', path: '/problems/bad-json' })
    await send({ method: 'GET', path: '/problems/of-nobody' })
  },
}

/** The scenario of an operation, if it needs one. */
export function scenarioOf({ id }: ApiOperation): Scenario | undefined {
  return id.startsWith('accept-') ? acceptOne : scenarios[id]
}
