import { appRoutes } from '@bull-board/api/dist/routes.js'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { z } from 'zod'
import { loadCatalog } from '../../queues/catalog.ts'
import { acceptJobs } from '../../src/ledger/accept.ts'
import { type NewJob, newJob } from '../../src/ledger/new-job.ts'
import { type OperatorSite, startOperatorSite } from './operator-site.ts'
import { signedIn } from './signed-in.ts'
import { type Visitor, visitorOf } from './visitor.ts'

const queueList = z.object({ queues: z.array(z.looseObject({ name: z.string(), jobs: z.array(z.unknown()) })) })
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

  test('lists every job type, read-only, grouped by the dot, with what it is about', async () => {
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
        run: 1,
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
    expect(await read(`${path}/notifications.send/${job.id}.1`)).toMatchObject({ job: wanted, status: 'waiting' })
  })

  test('every route that would change something is refused, and changes nothing', async () => {
    const before = await site.backend.queue('notifications.send').getJobCounts()
    const changing = appRoutes.api.filter(({ method }) => method !== 'get')
    expect(changing.length).toBeGreaterThan(15)
    for (const { method, route } of changing) {
      const path = String(route).replace(':queueName', 'notifications.send').replace(':jobId', `${job.id}.1`)
      const answer = await fetch(`${site.url}/admin/queues${path.replace(/:\w+/g, 'waiting')}`, {
        method: String(method).toUpperCase(),
        headers: {
          cookie: [...visitor.cookies].map(pair => pair.join('=')).join('; '),
          'content-type': 'application/json',
        },
        body: '{}',
      })
      expect([405, 403], `${String(method)} ${path}`).toContain(answer.status)
    }
    expect(await site.backend.queue('notifications.send').getJobCounts()).toEqual(before)
    expect(await site.backend.queue('notifications.send').isPaused()).toBe(false)
  })

  test('its page asks nobody else for anything and holds no inline script', async () => {
    const { text, headers } = await visitor.get('/admin/queues')
    expect(text).not.toMatch(/https?:\/\//)
    expect(text).toContain('id="__UI_CONFIG__"')
    expect(headers.get('content-security-policy')).toContain("script-src 'self'; style-src 'self';")
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
