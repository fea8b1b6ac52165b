import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { JobNotEnded } from '../../src/client/client.ts'
import { startWaitingWorld, startWithinMs, type WaitingWorld } from './waiting-world.ts'

let here: WaitingWorld
beforeAll(async () => {
  here = await startWaitingWorld()
}, startWithinMs)
afterEach(() => {
  here.proxy.plan()
  here.proxy.seen.length = 0
})
afterAll(() => here.close())

test('waits for the end and has the result', async () => {
  const client = here.client()
  const job = await client.enqueue('notifications.send', await here.stay('w1'))
  const ended = await client.wait(job)
  if (ended.state !== 'completed') throw new Error(`it is ${ended.state}`)
  expect(ended.result.channels).toEqual({ email: 'send', sms: 'send', push: 'send' })
  expect(await client.wait(job.id)).toMatchObject({ id: job.id, state: 'completed', result: ended.result })
})

test('an end that is none of success is answered too', async () => {
  const ended = await here.client().enqueueAndWait('notifications.send', await here.stay('w2', { status: 'cancelled' }))
  expect(ended).toMatchObject({ state: 'skipped', result: null, reason: expect.any(String) })
})

test('one request is enough for a quick job', async () => {
  const payload = await here.stay('w3')
  const startedMs = performance.now()
  const ended = await here.client().enqueueAndWait('notifications.send', payload)
  expect(ended.state).toBe('completed')
  expect(here.proxy.seen[0]).toMatchObject({ method: 'POST', headers: { prefer: 'wait=30' } })
  // On a machine so busy that the job takes longer than the answer is held, it has to ask again.
  if (performance.now() - startedMs < 30_000) expect(here.proxy.seen).toHaveLength(1)
})

test('waiting goes on after lost answers, with one job', async () => {
  here.proxy.plan('lose-answer', 'lose-answer')
  const ended = await here
    .client()
    .enqueueAndWait('notifications.send', await here.stay('w4'), { entity: 'booking:w4' })
  expect(ended.state).toBe('completed')
  const jobs = here.world.database.knex('hbnb_jobs.jobs').where({ name: 'notifications.send', entity: 'booking:w4' })
  expect(await jobs).toMatchObject([{ id: ended.id }])
})

test('waiting has an end though the job has none', async () => {
  const client = here.client()
  const runAt = new Date(Date.now() + 3_600_000)
  const waiting = client.enqueueAndWait('notifications.send', await here.stay('w5'), { runAt, timeoutMs: 300 })
  const error = await waiting.catch((reason: unknown) => reason)
  if (!(error instanceof JobNotEnded)) throw new Error('it ended', { cause: error })
  expect(await client.jobs.cancel(error.jobId)).toEqual({ id: error.jobId, state: 'cancelled' })
  expect(await client.wait(error.jobId)).toMatchObject({ state: 'cancelled', result: null })
})

test('a signal ends it with its reason', async () => {
  const client = here.client()
  const job = await client.enqueue('notifications.send', await here.stay('w6'), {
    runAt: new Date(Date.now() + 3_600_000),
  })
  const waiting = client.wait(job, { signal: AbortSignal.timeout(100) })
  await expect(waiting).rejects.toMatchObject({ name: 'TimeoutError' })
})

test('a job that there is not is not waited for', async () => {
  await expect(here.client().wait(crypto.randomUUID())).rejects.toMatchObject({ code: 'no-such-job' })
})

test('without a stream to be had it looks again and again', async () => {
  const client = here.client()
  const job = await client.enqueue('notifications.send', await here.stay('w7'))
  const body = JSON.stringify({ type: '/problems/too-many-streams', title: 'Too many streams', status: 429 })
  here.proxy.plan({ refuse: 429, body })
  expect(await client.wait(job)).toMatchObject({ state: 'completed' })
})
