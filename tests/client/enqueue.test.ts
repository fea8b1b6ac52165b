import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { JobsProblem, JobsUnreachable } from '../../src/client/problem.ts'
import { type ClientWorld, payload, startClientWorld } from './client-world.ts'

let world: ClientWorld
beforeAll(async () => {
  world = await startClientWorld()
})
afterEach(async () => {
  world.proxy.plan()
  world.proxy.seen.length = 0
  await world.intake.database.knex.raw('truncate hbnb_jobs.jobs, hbnb_jobs.job_live, hbnb_jobs.idempotency_keys')
})
afterAll(() => world.close())

const rows = () => world.intake.database.knex('hbnb_jobs.jobs').select('*')
const keysSeen = () => world.proxy.seen.map(({ headers }) => headers['idempotency-key'])

test('makes a job as it was told to', async () => {
  const runAt = new Date(Date.now() + 3_600_000)
  const job = await world.client().enqueue('notifications.send', payload, {
    runAt,
    expiresAt: new Date(runAt.getTime() + 1_000).toISOString(),
    priority: 2,
    tags: ['a', 'b'],
    entity: 'booking:42-é',
  })
  expect(job).toMatchObject({ name: 'notifications.send', state: 'scheduled', durability: 'ledger', replayed: false })
  expect(await rows()).toMatchObject([
    { id: job.id, payload, run_at: runAt, priority: 2, tags: ['a', 'b'], entity: 'booking:42-é', tenant: 'default' },
  ])
})

describe('what can be repeated', () => {
  test('a lost answer is asked for again under the same key, and makes nothing more', async () => {
    world.proxy.plan('lose-answer', 'lose-answer')
    const job = await world.client().enqueue('notifications.send', payload)
    expect(job.replayed).toBe(true)
    expect(await rows()).toMatchObject([{ id: job.id }])
    expect(keysSeen()).toHaveLength(3)
    expect(new Set(keysSeen()).size).toBe(1)
  })

  test('an answer cut in the middle is a lost one', async () => {
    world.proxy.plan({ cut: 20 })
    const job = await world.client().enqueue('notifications.send', payload)
    expect(await rows()).toMatchObject([{ id: job.id }])
  })

  test.each([
    [{ refuse: 503, headers: { 'retry-after': '1' } }, 1_000],
    [{ refuse: 429, headers: { 'retry-after': '1' } }, 1_000],
    [{ refuse: 502, body: '<html>Bad Gateway</html>' }, 50],
  ])('%j is obeyed', async (fault, atLeastMs) => {
    world.proxy.plan(fault)
    const startedMs = performance.now()
    await world.client().enqueue('notifications.send', payload)
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(atLeastMs)
    expect(world.proxy.seen).toHaveLength(2)
    expect(await rows()).toHaveLength(1)
  })

  test('two calls are two jobs, unless they say the same key', async () => {
    const client = world.client()
    await client.enqueue('notifications.send', payload)
    await client.enqueue('notifications.send', payload)
    expect(await rows()).toHaveLength(2)
    const first = await client.enqueue('notifications.send', payload, { idempotencyKey: 'booking-42' })
    const second = await client.enqueue('notifications.send', payload, { idempotencyKey: 'booking-42' })
    expect([first.replayed, second.replayed, second.id]).toEqual([false, true, first.id])
  })
})

describe('what cannot', () => {
  test('a refusal is thrown at once, with its code and each field', async () => {
    const wrong = { ...payload, user_id: '' }
    const refused = await world
      .client()
      .enqueue('notifications.send', wrong)
      .catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(JobsProblem)
    expect(refused).toMatchObject({
      code: 'invalid-payload',
      status: 422,
      errors: [{ field: '/user_id', rule: expect.any(String), message: expect.any(String) }],
      idempotencyKey: expect.any(String),
    })
    expect(String(refused)).toContain('/user_id')
    expect(world.proxy.seen).toHaveLength(1)
  })

  test('a wait longer than the deadline is not begun', async () => {
    world.proxy.plan({ refuse: 503, headers: { 'retry-after': '3600' } })
    const refused = world.client().enqueue('notifications.send', payload)
    await expect(refused).rejects.toMatchObject({ code: 'unexpected-answer', status: 503, retryAfterMs: 3_600_000 })
    expect(world.proxy.seen).toHaveLength(1)
  })

  test('without any answer the key says how to go on', async () => {
    world.proxy.plan(...Array.from({ length: 100 }, () => 'lose-answer' as const))
    const lost = await world
      .client({ deadlineMs: 400 })
      .enqueue('notifications.send', payload)
      .catch((error: unknown) => error)
    if (!(lost instanceof JobsUnreachable)) throw new Error('it was answered', { cause: lost })
    expect(lost.message).not.toContain('u-7')
    world.proxy.plan()
    const again = await world.client().enqueue('notifications.send', payload, {
      idempotencyKey: lost.idempotencyKey ?? '',
    })
    expect(await rows()).toMatchObject([{ id: again.id }])
  })

  test('a signal ends the trying with its reason', async () => {
    world.proxy.plan({ refuse: 503, headers: { 'retry-after': '10' } })
    const reason = new Error('the request was closed')
    const calling = world.client().enqueue('notifications.send', payload, { signal: AbortSignal.timeout(300) })
    await expect(calling).rejects.toMatchObject({ name: 'TimeoutError' })
    const already = world.client().enqueue('notifications.send', payload, { signal: AbortSignal.abort(reason) })
    await expect(already).rejects.toBe(reason)
    expect(await rows()).toHaveLength(0)
  })

  test('what would be done twice is not sent again after a lost answer', async () => {
    world.proxy.plan('lose-answer')
    await expect(world.client().jobs.retry(crypto.randomUUID())).rejects.toBeInstanceOf(JobsUnreachable)
    expect(world.proxy.seen).toHaveLength(1)
  })

  test('an address that is none is refused before anything is sent', () => {
    expect(() => world.client({ url: 'jobs.example.com' })).toThrow(TypeError)
  })
})

test('a service behind a path of a proxy is found there', async () => {
  await world.client({ url: `${world.proxy.url}/` }).jobTypes()
  await expect(world.client({ url: `${world.proxy.url}/inner/` }).jobTypes()).rejects.toMatchObject({
    code: 'not-found',
  })
  expect(world.proxy.seen.map(({ path }) => path)).toEqual(['/v1/job-types', '/inner/v1/job-types'])
})
