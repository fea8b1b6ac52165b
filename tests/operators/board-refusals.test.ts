import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type BoardWorld, goodPayload, queueName, startBoardWorld } from './board-world.ts'
import { type Answer, visitorOf } from './visitor.ts'

let world: BoardWorld
beforeAll(async () => {
  world = await startBoardWorld()
})
afterAll(() => world.close())

const path = (rest: string) => `/admin/queues/api/queues/${queueName}/${rest}`
const retryPath = (id: string) => path(`${id}/retry`)

describe('a change that our page did not ask for is refused and written down', () => {
  test.each([
    ['another site', { origin: 'https://evil.example' }],
    ['a page the browser does not name', { origin: '' }],
    ['a frame of another site', { 'sec-fetch-site': 'cross-site' }],
    ['a page without the token', { 'x-xsrf-token': '' }],
    ['a page with a made-up token', { 'x-xsrf-token': 'A'.repeat(43) }],
  ])('%s', async (_, headers) => {
    const jobs = await world.givenJobs()
    const before = await world.ledger(jobs)
    await world.newAudit()
    const answer = await world.people.admin.change('put', retryPath(jobs.failed), undefined, headers)
    expect(answer.status).toBe(403)
    expect(await world.ledger(jobs)).toEqual(before)
    expect(await world.newAudit()).toMatchObject([{ action: 'job.retry', detail: { refused: 403 } }])
  })

  test('a token of somebody else opens nothing', async () => {
    const { failed } = await world.givenJobs()
    const token = world.people.operator.cookies.get('XSRF-TOKEN') ?? ''
    expect(token).not.toBe('')
    const answer = await world.people.admin.change('put', retryPath(failed), undefined, { 'x-xsrf-token': token })
    expect(answer.status).toBe(403)
  })
})

test('what cannot be written down is not done', async () => {
  const { knex } = world.site.database
  const jobs = await world.givenJobs()
  const before = await world.ledger(jobs)
  await knex.raw(`alter table hbnb_jobs.audit_log add constraint full_disk check (action <> 'job.retry') not valid`)
  try {
    expect((await world.people.admin.change('put', retryPath(jobs.failed))).status).toBe(500)
    expect(await world.ledger(jobs)).toEqual(before)
  } finally {
    await knex.raw('alter table hbnb_jobs.audit_log drop constraint full_disk')
  }
})

test('strangers change nothing and leave no trace in the log', async () => {
  const { failed } = await world.givenJobs()
  await world.newAudit()
  expect((await visitorOf(world.site.url).change('put', retryPath(failed))).status).toBe(401)
  expect(await world.newAudit()).toEqual([])
})

test('a changing route that nobody has decided about is refused', async () => {
  await world.newAudit()
  for (const [method, strange] of [
    ['put', '/api/queues/x/y/z/nuke'],
    ['delete', `/api/queues/${queueName}`],
    ['post', '/'],
  ] as const) {
    expect((await world.people.admin.change(method, `/admin/queues${strange}`, {})).status).toBe(403)
    expect(await world.newAudit()).toMatchObject([
      { action: 'board.unknown', target: `path:${method.toUpperCase()} ${strange}` },
    ])
  }
})

const words = ({ text }: Answer): unknown => JSON.parse(text)

describe('what cannot be done is said in words', () => {
  test.each([
    ['retry of a completed job', 'put', 'retry', 'completed', 409, 'It has completed: there is nothing to repeat.'],
    ['retry of a waiting job', 'put', 'retry', 'waiting', 409, 'It has not ended: it goes on by itself.'],
    ['promotion of a waiting job', 'put', 'promote', 'waiting', 409, 'It does not wait for its time: it is waiting.'],
    ['cancel of a completed job', 'put', 'clean', 'completed', 409, 'It had ended before: it is completed.'],
  ] as const)('%s', async (_, method, verb, job, status, message) => {
    const jobs = await world.givenJobs()
    const answer = await world.people.operator.change(method, path(`${jobs[job]}/${verb}`))
    expect([answer.status, words(answer)]).toMatchObject([status, { message: expect.stringContaining(message) }])
  })

  test.each([
    ['an unknown field', { ...goodPayload, email: 'x' }, {}, '/email this field is not known'],
    ['a missing field', { user_id: 'user-7' }, {}, '/template this field is required'],
    ['no object', ['x'], {}, 'must be a JSON object'],
    ['text Postgres cannot keep', { ...goodPayload, user_id: 'a\0b' }, {}, '/user_id holds a NUL'],
    ['too much', { ...goodPayload, user_id: 'x'.repeat(2_000) }, {}, 'larger than 1024 bytes'],
    ['an option of BullMQ', goodPayload, { attempts: 5 }, 'Options are delay (ms) and priority (1 to 9)'],
  ])('a job with %s', async (_, data, options, message) => {
    const before = await world.site.database.knex('hbnb_jobs.jobs').count()
    const answer = await world.people.operator.change('post', path('add'), { name: '', data, options })
    expect([answer.status, words(answer)]).toMatchObject([400, { message: expect.stringContaining(message) }])
    expect(await world.site.database.knex('hbnb_jobs.jobs').count()).toEqual(before)
  })

  test('a closed job type, a queue and a job that are not there, ids that are none', async () => {
    const { operator } = world.people
    const closed = await operator.change('post', '/admin/queues/api/queues/email.send/add', { data: {} })
    expect([closed.status, words(closed)]).toMatchObject([403, { message: 'email.send is only made by other jobs.' }])
    for (const rest of ['nonsense/retry', '%00/retry', '0199a5f0-7c1e-7b3a-9d2e-3f4a5b6c7d8e/retry']) {
      expect((await operator.change('put', path(rest))).status, rest).toBe(404)
    }
    expect((await operator.change('put', '/admin/queues/api/queues/no%00such/pause')).status).toBe(404)
    expect((await operator.change('put', path('job-schedulers/%00/run'))).status).toBe(404)
    const { failed } = await world.givenJobs()
    const elsewhere = await operator.change('put', `/admin/queues/api/queues/email.send/${failed}/retry`)
    expect(elsewhere.status, 'a job of another queue').toBe(404)
  })

  test('a job may be added for later', async () => {
    const answer = await world.people.operator.change('post', path('add'), {
      data: goodPayload,
      options: { delay: 60_000, priority: 2 },
    })
    expect([answer.status, words(answer)]).toMatchObject([200, { status: 'delayed' }])
  })
})
