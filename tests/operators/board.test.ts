import type { Job } from 'bullmq'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { z } from 'zod'
import { loadCatalog } from '../../queues/catalog.ts'
import type { Role } from '../../src/db/operators.ts'
import { acceptJobs } from '../../src/ledger/accept.ts'
import { newJobId } from '../../src/ledger/job-id.ts'
import { type NewJob, newJob } from '../../src/ledger/new-job.ts'
import { putSchedule } from '../../src/ledger/schedules/put-schedule.ts'
import { endAs, givenOpen } from './given-job.ts'
import { type OperatorSite, startOperatorSite } from './operator-site.ts'
import { signedIn } from './signed-in.ts'
import { type Visitor, visitorOf } from './visitor.ts'

const queueList = z.object({ queues: z.array(z.looseObject({ name: z.string(), jobs: z.array(z.unknown()) })) })
const buttons = z.object({ readOnlyMode: z.boolean(), allowRetries: z.boolean(), allowCompletedRetries: z.boolean() })
const withIds = (...wanted: string[]) => wanted.map(id => expect.objectContaining({ id }))

async function buttonsOf(site: OperatorSite, role: Role): Promise<boolean[]> {
  const { text } = await (await signedIn(site, role)).get('/admin/queues/api/queues', { accept: 'application/json' })
  return Object.values(buttons.parse(queueList.parse(JSON.parse(text)).queues[0]))
}

const redisUrl = inject('redisUrl')
const stores = [['postgres', {}] as const, ...(redisUrl === null ? [] : [['redis', { QUEUE_URL: redisUrl }] as const])]

describe.each(stores)('Bull Board on %s', (_, env) => {
  let site: OperatorSite
  let visitor: Visitor
  let job: NewJob

  beforeAll(async () => {
    site = await startOperatorSite(env)
    visitor = await signedIn(site)
    const catalog = await loadCatalog()
    const contract = catalog.get('notifications.send')
    if (!contract) throw new Error('no such contract')
    const payload = { user_id: 'user-7', template: 'booking-confirmation', booking_id: '42' }
    job = newJob(contract, payload, { entity: 'booking:42' })
    await acceptJobs(site.database.run, [job])
    await site.backend.check()
    // What the relay does: the row is queued under a run, and its copy carries ids only.
    await site.database.knex('hbnb_jobs.job_live').update({ state: 'queued', run: 1 })
    const copy = { id: job.id, run: 1, traceparent: null }
    await site.backend.queue(job.name).add(job.name, copy, { jobId: `${job.id}.1` })
  })
  afterAll(async () => {
    for (const name of (await loadCatalog()).keys()) await site.backend.queue(name).obliterate({ force: true })
    await site.close()
  })

  const read = async (path: string): Promise<unknown> => {
    const answer = await visitor.get(path, { accept: 'application/json' })
    expect(answer.status).toBe(200)
    return JSON.parse(answer.text)
  }

  test('lists every job type, grouped by the dot, with what it is about', async () => {
    const { queues } = queueList.parse(await read('/admin/queues/api/queues'))
    expect(queues.map(({ name }) => name)).toContain('email.send')
    expect(queues.find(({ name }) => name === 'notifications.send')).toMatchObject({
      readOnlyMode: true,
      delimiter: '.',
      description: expect.stringContaining('Tell a person something'),
      counts: { waiting: 1 },
    })
  })

  test('shows what the ledger knows of a job, in the list and by itself', async () => {
    const wanted = {
      data: {
        id: job.id,
        state: 'waiting',
        entity: 'booking:42',
        payload: { user_id: 'user-7', template: 'booking-confirmation', booking_id: '42' },
        accepted_at: expect.any(String),
        story: `/admin/story/job/${job.id}`,
      },
      externalUrl: { displayText: 'Story', href: `/admin/story/job/${job.id}` },
    }
    const path = '/admin/queues/api/queues'
    const { queues } = queueList.parse(
      await read(`${path}?activeQueue=notifications.send&status=latest&page=1&jobsPerPage=10`),
    )
    expect(queues.find(({ name }) => name === 'notifications.send')?.jobs).toMatchObject([wanted])
    for (const id of [job.id, `${job.id}.1`]) {
      expect(await read(`${path}/notifications.send/${id}`)).toMatchObject({ job: wanted, status: 'waiting' })
    }
  })

  test('counts and lists what waits in Postgres with what is in the queue, each job once', async () => {
    const { database } = site
    const contract = (await loadCatalog()).get('email.send')
    if (!contract) throw new Error('no such contract')
    const open = (runAt: Date | null = null) => givenOpen(database, contract, { delivery_id: newJobId() }, { runAt })
    const live = (id: string) => database.knex('hbnb_jobs.job_live').where({ id })
    const ids = {
      waiting: await open(),
      delayed: await open(new Date(Date.now() + 3_600_000)),
      retrying: await open(),
      active: await open(),
      'waiting-children': await open(),
      failed: await open(),
      cancelled: await open(),
    }
    await live(ids.retrying).update({ state: 'queued', run: 1, attempts: 1 })
    await live(ids.active).update({ state: 'running', run: 1 })
    await live(ids['waiting-children']).update({ state: 'parked' })
    await endAs(database, ids.failed, 'failed')
    await endAs(database, ids.cancelled, 'cancelled')
    const listed = async (status: string): Promise<unknown[]> => {
      const path = `/admin/queues/api/queues?activeQueue=email.send&status=${status}&page=1&jobsPerPage=10`
      const found = queueList.parse(await read(path)).queues.find(({ name }) => name === 'email.send')
      expect(found).toMatchObject({
        counts: { waiting: 1, delayed: 2, active: 1, 'waiting-children': 1, failed: 2, completed: 0 },
      })
      return found?.jobs ?? []
    }
    expect(await listed('waiting')).toEqual(withIds(ids.waiting))
    expect(await listed('delayed')).toEqual(withIds(ids.retrying, ids.delayed))
    expect(await listed('active')).toEqual(withIds(ids.active))
    expect(await listed('waiting-children')).toEqual(withIds(ids['waiting-children']))
    expect(await listed('failed')).toMatchObject([
      { id: ids.cancelled, failedReason: 'cancelled by an operator' },
      { id: ids.failed, failedReason: 'SendGrid refused it', attempts: 3 },
    ])
    expect(await listed('latest')).toHaveLength(7)
    expect(await read(`/admin/queues/api/queues/email.send/${ids.failed}/logs`)).toEqual([
      expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z attempt 3 failed: SendGrid refused it$/),
    ])
  })

  test('shows a completed job once, whichever copies of it have ended', async () => {
    const queue = site.backend.queue('sms.send')
    const contract = (await loadCatalog()).get('sms.send')
    if (!contract) throw new Error('no such contract')
    const [done, open] = [newJobId(), newJobId()]
    await givenOpen(site.database, contract, { delivery_id: done }, { id: done })
    await givenOpen(site.database, contract, { delivery_id: open }, { id: open })
    await endAs(site.database, done, 'completed')
    const worker = site.backend.worker('sms.send', async () => '', { autorun: false })
    const copies = [
      { id: done, run: 1 },
      { id: done, run: 2 },
      { id: open, run: 1 },
    ]
    for (const { id, run } of copies) {
      await queue.add('sms.send', { id, run, traceparent: null }, { jobId: `${id}.${run}` })
      const copy: Job | undefined = await worker.getNextJob('token')
      await copy?.moveToCompleted('ended', 'token', false)
    }
    await worker.close()
    expect(await queue.getJobCounts('completed')).toEqual({ completed: copies.length })
    const path = '/admin/queues/api/queues?activeQueue=sms.send&status=completed&page=1&jobsPerPage=10'
    const found = queueList.parse(await read(path)).queues.find(({ name }) => name === 'sms.send')
    expect(found?.jobs).toEqual([expect.objectContaining({ id: done })])
  })

  test('hides what is named like personal data, also where a contract would not take it', async () => {
    const { knex } = site.database
    await knex('hbnb_jobs.jobs')
      .where({ id: job.id })
      .update({ payload: { user_id: 'user-7', email: 'camille@example.test', guest: { phone: '+33612345678' } } })
    const { text } = await visitor.get(`/admin/queues/api/queues/notifications.send/${job.id}`)
    expect(text).toContain('user-7')
    expect(text).not.toMatch(/camille|336123/)
  })

  test('offers buttons to those who may press them', async () => {
    expect(await buttonsOf(site, 'viewer')).toEqual([true, false, false])
    expect(await buttonsOf(site, 'operator')).toEqual([false, true, false])
    expect(await buttonsOf(site, 'admin')).toEqual([false, true, false])
  })

  test('shows our schedules', async () => {
    const { database } = site
    const catalog = await loadCatalog()
    const payload = { user_id: 'user-7', template: 'booking-confirmation', booking_id: '42' }
    const rest = { zone: 'Europe/Paris', missed: 'skip', overlap: 'skip', payload }
    const definition = { job: 'notifications.send', cron: '0 3 * * *', ...rest }
    await putSchedule(database.knex, catalog, { key: 'nightly-notice', definition })
    expect(await read('/admin/queues/api/job-schedulers')).toMatchObject({
      schedulers: [
        {
          id: 'nightly-notice',
          queueName: 'notifications.send',
          pattern: '0 3 * * *',
          tz: 'Europe/Paris',
          next: expect.any(Number),
          template: { data: { source: 'api', missed: 'skip' } },
        },
      ],
    })
    const { queues } = queueList.parse(await read('/admin/queues/api/queues'))
    expect(queues.find(({ name }) => name === 'notifications.send')).toMatchObject({ jobSchedulerCount: 1 })
  })

  test('its page asks nobody else for anything and holds no inline script', async () => {
    const { text, headers } = await visitor.get('/admin/queues')
    expect(text).not.toMatch(/https?:\/\//)
    expect(text).toContain('id="__UI_CONFIG__"')
    expect(headers.get('content-security-policy')).toMatch(/script-src 'self';.* style-src 'self'$/)
  })

  test('strangers see none of it', async () => {
    for (const path of ['/admin/queues', '/admin/queues/api/queues', '/admin/queues/static/favicon.ico']) {
      expect([303, 401]).toContain((await visitorOf(site.url).get(path)).status)
    }
  })
})

test('a queue store that is away gives a page that says so', async () => {
  const site = await startOperatorSite({ QUEUE_URL: 'redis://127.0.0.1:1' })
  try {
    const visitor = await signedIn(site)
    const answer = await visitor.get('/admin/queues')
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5'])
    expect(answer.text).toContain('Jobs are safe in the ledger')
    expect((await visitor.get('/admin/queues/api/queues', { accept: 'application/json' })).status).toBe(503)
    expect((await visitor.get('/admin')).status).toBe(200)
  } finally {
    await site.close()
  }
})
