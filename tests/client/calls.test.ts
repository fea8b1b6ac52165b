import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ClientWorld, payload, startClientWorld } from './client-world.ts'

let world: ClientWorld
let client: ReturnType<ClientWorld['client']>
beforeAll(async () => {
  world = await startClientWorld()
  client = world.client()
})
afterAll(() => world.close())

async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const one of source) found.push(one)
  return found
}

test('a dry run checks and stores nothing', async () => {
  const before = await world.intake.count('jobs')
  const checked = await client.dryRun('notifications.send', payload, { priority: 2, tags: ['a'] })
  expect(checked).toMatchObject({ dry_run: true, payload, options: { priority: 2, tags: ['a'] } })
  const wrong = client.dryRun('notifications.send', { ...payload, booking_id: '' })
  await expect(wrong).rejects.toMatchObject({ code: 'invalid-payload', errors: [{ field: '/booking_id' }] })
  expect(await world.intake.count('jobs')).toBe(before)
})

test('jobs are found, page by page', async () => {
  const made: string[] = []
  for (let index = 0; index < 5; index += 1) {
    made.unshift((await client.enqueue('notifications.send', payload, { entity: 'booking:found', tags: ['t'] })).id)
  }
  await client.enqueue('notifications.send', payload, { entity: 'booking:other' })
  const filter = {
    name: 'notifications.send',
    entity: 'booking:found',
    tag: 't',
    state: ['waiting', 'active'],
  } as const
  world.proxy.seen.length = 0
  const found = await all(client.jobs.find(filter, { limit: 2 }))
  expect(found.map(({ id }) => id)).toEqual(made)
  expect(world.proxy.seen).toHaveLength(3)
  expect(await all(client.jobs.find({ ...filter, state: 'failed' }))).toEqual([])
  expect(await all(client.jobs.find({ ...filter, until: new Date(Date.now() - 3_600_000) }))).toEqual([])
  expect((await client.jobs.page(filter, { limit: 1 })).next_cursor).not.toBeNull()
})

test('a job is cancelled, and run again', async () => {
  const job = await client.enqueue('notifications.send', payload, { runAt: new Date(Date.now() + 3_600_000) })
  world.proxy.plan('lose-answer')
  expect(await client.jobs.cancel(job)).toEqual({ id: job.id, state: 'cancelled' })
  expect(await client.jobs.get(job)).toMatchObject({ id: job.id, state: 'cancelled' })
  expect(await client.jobs.retry(job)).toEqual({ id: job.id, state: 'waiting' })
  await expect(client.jobs.retry(job.id)).rejects.toMatchObject({ code: 'job-not-retryable', status: 409 })
})

test('a story is told', async () => {
  const job = await client.enqueue('notifications.send', payload, { entity: 'booking:told/1' })
  const story = await client.stories.get('booking:told/1')
  expect(story.entity).toBe('booking:told/1')
  expect(story.moments).toContainEqual(expect.objectContaining({ kind: 'accepted', job_id: job.id }))
})

test('a schedule is made, changed, looked at, run and removed', async () => {
  const { schedules } = client
  const daily = {
    name: 'notifications.send',
    payload,
    cron: '0 9 * * *',
    zone: 'Europe/Paris',
    missed: 'once',
    overlap: 'skip',
  } as const
  expect(await schedules.put('daily', daily)).toMatchObject({ key: 'daily', cron: '0 9 * * *', source: 'api' })
  expect(await schedules.put('daily', { ...daily, cron: '0 10 * * *' })).toMatchObject({ cron: '0 10 * * *' })
  expect(await all(schedules.list())).toContainEqual(await schedules.get('daily'))
  expect((await schedules.preview('daily', { count: 3 })).slots).toHaveLength(3)
  expect((await schedules.pause('daily')).paused_at).not.toBeNull()
  expect((await schedules.resume('daily')).paused_at).toBeNull()
  const { job_id } = await schedules.run('daily')
  expect(await client.jobs.get(job_id)).toMatchObject({ name: 'notifications.send' })
  await schedules.remove('daily')
  await expect(schedules.get('daily')).rejects.toMatchObject({ code: 'no-such-schedule' })
})

test('the key says who it is, the service what it takes', async () => {
  expect(await client.self()).toMatchObject({ tenant: 'default', test: false })
  expect((await client.jobTypes()).map(({ name }) => name)).toContain('notifications.send')
  await expect(world.client({ key: 'none' }).self()).rejects.toMatchObject({ code: 'bad-api-key', status: 401 })
})

test('somebody is told something once, however often its answer is lost', async () => {
  const to = { email: 'someone@example.test' }
  world.proxy.plan('lose-answer')
  const told = await client.notifications.send({ to, title: 'A key', body: 'Under the pot.', entity: 'booking:told' })
  expect(await world.intake.count('notifications')).toBe(1)
  const again = { to: { user_id: 'nobody' }, template: 'welcome' } as const
  await expect(client.notifications.send(again)).rejects.toMatchObject({ code: 'user-not-found' })
  expect(await client.notifications.get(told.id)).toMatchObject({ state: 'undecided', to })
  expect(await client.notifications.cancel({ entity: 'booking:told' })).toBe(1)
  expect(await client.notifications.get(told.id)).toMatchObject({ state: 'cancelled' })
})
