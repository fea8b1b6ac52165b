import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { JobEvent } from '../../src/client/events.ts'
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

async function all(events: AsyncIterable<JobEvent>): Promise<JobEvent[]> {
  const found: JobEvent[] = []
  for await (const event of events) found.push(event)
  return found
}

function said(event: JobEvent): string {
  return `${event.type} ${event.type === 'log' ? event.message : event.state}`
}

const later = () => new Date(Date.now() + 3_600_000)

test('a job is followed to its end', async () => {
  const client = here.client()
  const job = await client.enqueue('notifications.send', await here.stay('e1'))
  const events = await all(client.events(job))
  expect(events.every(({ id }) => id === job.id)).toBe(true)
  expect(events.at(-1)).toMatchObject({ type: 'end', state: 'completed', attempts: 1 })
  const ids = events.map(({ eventId }) => Number(eventId))
  expect(ids).toEqual(ids.toSorted((a, b) => a - b))
  expect(new Set(ids).size).toBe(ids.length)
})

test('a cut stream goes on where it was', async () => {
  const client = here.client()
  const job = await client.enqueue('notifications.send', await here.stay('e2'), { runAt: later() })
  const events: JobEvent[] = []
  for await (const event of client.events(job)) {
    events.push(event)
    if (events.length === 1) {
      here.proxy.cutAll()
      await client.jobs.cancel(job)
    }
  }
  expect(events.map(said)).toEqual(['state scheduled', 'end cancelled'])
  const [first, again] = here.proxy.seen.filter(({ path }) => path.endsWith('/events'))
  expect(first?.headers['last-event-id']).toBeUndefined()
  expect(again?.headers['last-event-id']).toBe(events[0]?.eventId)
})

test('what was seen is not told again', async () => {
  const client = here.client()
  const job = await client.enqueue('notifications.send', await here.stay('e3'), { runAt: later() })
  const iterator = client.events(job)
  const first = await iterator.next()
  await iterator.return()
  if (first.done === true) throw new Error('it told nothing')
  await client.jobs.cancel(job)
  const rest = await all(client.events(job, { lastEventId: first.value.eventId }))
  expect(rest.map(said)).toEqual(['end cancelled'])
})

test('a signal ends it with its reason', async () => {
  const client = here.client()
  const job = await client.enqueue('notifications.send', await here.stay('e4'), { runAt: later() })
  const following = all(client.events(job, { signal: AbortSignal.timeout(200) }))
  await expect(following).rejects.toMatchObject({ name: 'TimeoutError' })
})

test('a job that there is not is not followed', async () => {
  await expect(all(here.client().events(crypto.randomUUID()))).rejects.toMatchObject({ code: 'no-such-job' })
  expect(here.proxy.seen).toHaveLength(1)
})

test('a service that stays away is told after the deadline', async () => {
  here.proxy.plan(...Array.from({ length: 100 }, () => 'lose-answer' as const))
  const following = all(here.client({ deadlineMs: 300 }).events(crypto.randomUUID()))
  await expect(following).rejects.toMatchObject({ name: 'JobsUnreachable' })
})
