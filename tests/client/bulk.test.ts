import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { BulkItem, BulkOutcome } from '../../src/client/client.ts'
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

const item = (index: number): BulkItem => ({
  name: 'notifications.send',
  payload: { ...payload, booking_id: `b-${index}` },
  tags: [`n-${index}`],
})

function* items(count: number, taken: number[] = []): Generator<BulkItem> {
  for (let index = 0; index < count; index += 1) {
    taken.push(index)
    yield item(index)
  }
}

async function all(outcomes: AsyncIterable<BulkOutcome>): Promise<BulkOutcome[]> {
  const found: BulkOutcome[] = []
  for await (const outcome of outcomes) found.push(outcome)
  return found
}

/** The ids in the ledger, by booking. */
async function stored(): Promise<Map<string, string>> {
  const rows = await world.intake.database.knex('hbnb_jobs.jobs').select('id', 'payload', 'tags')
  const ids = new Map(rows.map(row => [String(row.payload.booking_id), String(row.id)]))
  expect(ids.size).toBe(rows.length)
  return ids
}

async function expectStored(outcomes: readonly BulkOutcome[], count: number): Promise<void> {
  const ids = await stored()
  expect(ids.size).toBe(count)
  expect(outcomes.map(({ index }) => index)).toEqual(Array.from({ length: count }, (_, index) => index))
  for (const outcome of outcomes) {
    if (outcome.status !== 'accepted' && outcome.status !== 'replayed') throw new Error(JSON.stringify(outcome))
    expect(ids.get(`b-${outcome.index}`)).toBe(outcome.id)
  }
}

test('each item has its outcome, in order, over several requests', async () => {
  const outcomes = await all(world.client().bulk(items(2_300)))
  await expectStored(outcomes, 2_300)
  expect(world.proxy.seen).toHaveLength(3)
  expect(outcomes.every(({ status }) => status === 'accepted')).toBe(true)
})

test('requests stay far below what the service takes', async () => {
  const huge = 'x'.repeat(40_000)
  const refused = await all(
    world.client().bulk(Array.from({ length: 60 }, (_, index) => ({ ...item(index), entity: `booking:${huge}` }))),
  )
  expect(refused).toHaveLength(60)
  expect(Math.max(...world.proxy.seen.map(({ body }) => body.length))).toBeLessThan(1_048_577)
  expect(world.proxy.seen.length).toBeGreaterThan(2)
})

test('one refused item does not stop the others', async () => {
  const outcomes = await all(
    world
      .client()
      .bulk([item(0), { ...item(1), payload: { ...payload, user_id: '' } }, { ...item(2), priority: 77 }, item(3)]),
  )
  expect(outcomes).toMatchObject([
    { index: 0, status: 'accepted' },
    { index: 1, status: 'refused', problem: { type: '/problems/invalid-payload', errors: [{ field: '/user_id' }] } },
    { index: 2, status: 'refused', problem: { type: '/problems/invalid-option', errors: [{ field: 'priority' }] } },
    { index: 3, status: 'accepted' },
  ])
  expect([...(await stored()).keys()].toSorted()).toEqual(['b-0', 'b-3'])
})

describe('nothing is made twice', () => {
  test('after a cut in the middle of the outcomes only the rest is sent again', async () => {
    world.proxy.plan({ cut: 20_000 })
    const outcomes = await all(world.client().bulk(items(1_000)))
    await expectStored(outcomes, 1_000)
    const lines = world.proxy.seen.map(({ body }) => body.split('\n').length - 1)
    expect(lines[0]).toBe(1_000)
    expect(lines[1]).toBeGreaterThan(0)
    expect(lines[1]).toBeLessThan(1_000)
  })

  test('after whole answers were lost', async () => {
    world.proxy.plan('lose-answer', { refuse: 503, headers: { 'retry-after': '0' } }, 'lose-answer')
    const outcomes = await all(world.client().bulk(items(50)))
    await expectStored(outcomes, 50)
    expect(outcomes.every(({ status }) => status === 'replayed')).toBe(true)
  })

  test('when all is sent once more under the same prefix, as after a crash', async () => {
    const first: BulkOutcome[] = []
    for await (const outcome of world.client().bulk(items(2_000), { keyPrefix: 'import-7' })) {
      first.push(outcome)
      if (first.length === 700) break
    }
    const again = await all(world.client().bulk(items(2_000), { keyPrefix: 'import-7' }))
    await expectStored(again, 2_000)
    expect(again.slice(0, 700).map(outcome => ('id' in outcome ? outcome.id : ''))).toEqual(
      first.map(outcome => ('id' in outcome ? outcome.id : '')),
    )
    expect(again[0]).toMatchObject({ status: 'replayed', key: 'import-7-0' })
    expect(again[1_999]).toMatchObject({ status: 'accepted' })
  })

  test('keys of the items stand', async () => {
    const keyed = { ...item(0), key: 'mine' }
    const [first] = await all(world.client().bulk([keyed]))
    const [again] = await all(world.client().bulk([keyed]))
    expect(again).toEqual({ ...first, status: 'replayed' })
  })
})

test('a slow reader slows the source', async () => {
  const taken: number[] = []
  const outcomes = world.client().bulk(items(5_000, taken))
  expect(taken).toHaveLength(0)
  await outcomes.next()
  expect(taken.length).toBeLessThanOrEqual(1_001)
  await outcomes.return()
  expect(taken.length).toBeLessThanOrEqual(1_001)
  expect((await stored()).size).toBe(1_000)
})

test('a source that dawdles has what it gave sent', async () => {
  let goOn: (() => void) | undefined
  async function* slow() {
    yield item(0)
    await new Promise<void>(resolve => {
      goOn = resolve
    })
    yield item(1)
  }
  const outcomes = world.client().bulk(slow())
  expect((await outcomes.next()).value).toMatchObject({ index: 0, status: 'accepted' })
  goOn?.()
  expect((await outcomes.next()).value).toMatchObject({ index: 1, status: 'accepted' })
})

test('a service that stays away is told', async () => {
  world.proxy.plan(...Array.from({ length: 50 }, () => 'lose-answer' as const))
  const sending = all(world.client({ deadlineMs: 300 }).bulk(items(3)))
  await expect(sending).rejects.toMatchObject({ name: 'JobsUnreachable' })
})

test('a signal ends it with its reason', async () => {
  world.proxy.plan({ refuse: 503, headers: { 'retry-after': '10' } })
  const sending = all(world.client().bulk(items(3), { signal: AbortSignal.timeout(100) }))
  await expect(sending).rejects.toMatchObject({ name: 'TimeoutError' })
})

async function* stuck() {
  yield item(0)
  await new Promise<never>(() => {})
}

test('also while the source dawdles', async () => {
  const controller = new AbortController()
  const outcomes = world.client().bulk(stuck(), { signal: controller.signal })
  expect((await outcomes.next()).value).toMatchObject({ index: 0, status: 'accepted' })
  const waiting = outcomes.next()
  controller.abort(new Error('enough'))
  await expect(waiting).rejects.toThrow('enough')
})

test('jobs join the batch that is named for all', async () => {
  const client = world.client()
  const batch = await client.batches.open({
    about: 'the autumn mailing',
    whenDone: { name: 'notifications.send', payload },
  })
  await all(client.bulk(items(3), { batch: batch.id }))
  const [alone] = await all(client.bulk([{ ...item(3), batch: batch.id }]))
  expect(alone).toMatchObject({ status: 'accepted' })
  const closed = await client.batches.close(batch.id)
  expect(closed).toMatchObject({ state: 'closed', total: 4, open: 4, progress: 0, about: 'the autumn mailing' })
  expect(await client.batches.get(batch.id)).toEqual(await client.batches.close(batch.id))
  const [late] = await all(client.bulk([item(4)], { batch: batch.id }))
  expect(late).toMatchObject({ status: 'refused', problem: { type: '/problems/batch-closed' } })
})
