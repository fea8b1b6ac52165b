import { afterAll, beforeAll, expect, test } from 'vitest'
import { newJob } from '../../src/ledger/new-job.ts'
import { listSettings } from '../../src/ledger/settings.ts'
import { enqueueDirect } from '../../src/queue/enqueue-direct.ts'
import { testJob } from '../support/test-job.ts'
import { type OperatorSite, startOperatorSite } from './operator-site.ts'
import { signedIn } from './signed-in.ts'
import type { Visitor } from './visitor.ts'

const direct = testJob(async ({ n }) => ({ n }), { name: 'test.direct', durability: 'queue' }).contract
const kept = testJob(async ({ n }) => ({ n })).contract
const api = '/admin/queues/api/queues'
let site: OperatorSite
let admin: Visitor

beforeAll(async () => {
  site = await startOperatorSite({}, new Map([direct, kept].map(contract => [contract.name, contract])))
  admin = await signedIn(site, 'admin')
  await admin.get('/admin/queues')
  await site.backend.check()
  const job = newJob(direct, { n: 1 })
  await enqueueDirect(site.backend, direct, [{ ...job, payload: { n: 1, email: 'camille@example.test' } }])
})
afterAll(() => site.close())

test('jobs that only the queue keeps are shown as BullMQ has them, without personal data', async () => {
  const path = `${api}?activeQueue=test.direct&status=waiting&page=1&jobsPerPage=10`
  const { text } = await admin.get(path, { accept: 'application/json' })
  expect(JSON.parse(text)).toMatchObject({
    queues: [
      {
        name: 'test.direct',
        readOnlyMode: true,
        counts: { waiting: 1 },
        jobs: [{ data: { tenant: 'default', payload: { n: 1, email: '[redacted]' } } }],
      },
      { name: 'test.work', readOnlyMode: false },
    ],
  })
})

test('their queue is never paused, not even with all others, because a pause takes back what waits', async () => {
  expect((await admin.change('put', `${api}/test.direct/pause`)).status).toBe(403)
  expect((await admin.change('put', `${api}/pause`)).status).toBe(200)
  expect(await listSettings(site.database.run)).toMatchObject([{ name: 'test.work' }])
})

test('they are made by the API, and buttons for the ledger’s jobs find nothing', async () => {
  expect((await admin.change('post', `${api}/test.direct/add`, { data: { n: 2 } })).status).toBe(403)
  const [job] = await site.backend.queue('test.direct').getJobs(['waiting'])
  expect((await admin.change('put', `${api}/test.direct/${job?.id}/clean`)).status).toBe(404)
  expect(await site.backend.queue('test.direct').getJobCounts('waiting')).toEqual({ waiting: 1 })
})
