import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import processEvent from '../../queues/webhooks/process.ts'
import { connectDatabase, type Database } from '../../src/db/connect.ts'
import { eventStore, type IncomingEvent, type Reaction, type StoredEvent } from '../../src/db/inbox-store.ts'
import { acceptJobs } from '../../src/ledger/accept.ts'
import { newJobId } from '../../src/ledger/job-id.ts'
import { newJob, type NewJob } from '../../src/ledger/new-job.ts'
import { createTestDatabase } from '../setup/database.ts'

// Several intakes on one database: each store has its own batches, so that equal events meet in different statements.
const intakes = 4
const timesEach = 20

let own: Awaited<ReturnType<typeof createTestDatabase>>
let database: Database
let stores: ReturnType<typeof eventStore>[]

beforeAll(async () => {
  own = await createTestDatabase()
  database = connectDatabase(own.url, { poolMax: 2 * intakes })
  stores = Array.from({ length: intakes }, () => eventStore(database.run))
})
afterEach(async () => {
  await database.knex.raw(
    'truncate hbnb_jobs.jobs, hbnb_jobs.job_live, hbnb_jobs.webhook_inbox, hbnb_jobs.idempotency_keys',
  )
})
afterAll(async () => {
  await database.close()
  await own.drop()
})

const eventOf = (eventId: string | null, sha = 'of the body'): IncomingEvent => ({
  source: 'booking',
  scheme: eventId === null ? 'legacy' : 'standard',
  eventId,
  type: 'booking.confirmed',
  body: { event: 'booking.confirmed', booking_id: '42' },
  bodySha256: sha,
  entity: 'booking:42',
})
const reaction: Reaction = { job: inbox_id => newJob(processEvent, { inbox_id }) }

/** All events to all intakes at once, each intake in an order of its own. */
async function storeEverywhere(events: readonly IncomingEvent[]): Promise<StoredEvent[]> {
  const answers = stores.map(async (store, turn) => {
    const inOrder = turn % 2 === 0 ? events : events.toReversed()
    return await Promise.all(inOrder.map(event => store(event, reaction)))
  })
  return (await Promise.all(answers)).flat()
}

async function countOf(table: string): Promise<number> {
  const [row] = await database.knex(`hbnb_jobs.${table}`).count<{ count: string }[]>('* as count')
  return Number(row?.count)
}

test.each([
  ['with an id', 'evt_1'],
  ['without one', null],
])('of equal events %s, at several intakes at once, one is stored with its job', async (_, eventId) => {
  const answers = await storeEverywhere(Array.from({ length: timesEach }, () => eventOf(eventId)))
  expect(answers.filter(({ status }) => status === 'accepted')).toHaveLength(1)
  expect(answers.filter(({ status }) => status === 'duplicate')).toHaveLength(intakes * timesEach - 1)
  expect(new Set(answers.map(answer => `${answer.eventId} ${answer.jobId}`)).size).toBe(1)
  expect([await countOf('webhook_inbox'), await countOf('jobs'), await countOf('job_live')]).toEqual([1, 1, 1])
})

test('many events that cross in many orders are each stored once, and nobody waits for ever', async () => {
  const events = Array.from({ length: 100 }, (_none, at) => eventOf(at % 2 === 0 ? `evt_${at}` : null, `body ${at}`))
  const answers = await storeEverywhere(events)
  expect(answers.filter(({ status }) => status === 'accepted')).toHaveLength(events.length)
  expect([await countOf('webhook_inbox'), await countOf('jobs')]).toEqual([events.length, events.length])
  const loose = await database
    .knex('hbnb_jobs.webhook_inbox as i')
    .leftJoin('hbnb_jobs.jobs as j', 'j.id', 'i.job_id')
    .whereNull('j.id')
  expect(loose).toEqual([])
})

test('in one batch an id that stands for two bodies is good for the first', async () => {
  const [store] = stores
  if (!store) throw new Error('no store')
  const stored = await Promise.all(['a', 'b', 'a'].map(sha => store(eventOf('evt_2', sha), reaction)))
  expect(stored.map(({ status }) => status)).toEqual(['accepted', 'reused', 'duplicate'])
  expect(await store(eventOf('evt_2', 'b'), reaction)).toMatchObject({ status: 'reused' })
})

test('an event that Postgres refuses takes no other with it', async () => {
  const [store] = stores
  if (!store) throw new Error('no store')
  const odd = { ...eventOf('evt_odd'), body: { note: 'a\u0000b' } }
  const [good, bad] = await Promise.allSettled([store(eventOf('evt_3'), reaction), store(odd, reaction)])
  expect(good).toMatchObject({ status: 'fulfilled', value: { status: 'accepted' } })
  expect(bad.status).toBe('rejected')
  expect(await countOf('webhook_inbox')).toBe(1)
})

test('an ignored event makes no job, and is one all the same', async () => {
  const [store] = stores
  if (!store) throw new Error('no store')
  const ignored = () => store(eventOf(null), { ignoredBecause: 'of no use' })
  expect(await ignored()).toMatchObject({ status: 'ignored', jobId: null })
  expect(await ignored()).toMatchObject({ status: 'duplicate', jobId: null })
  expect([await countOf('webhook_inbox'), await countOf('jobs')]).toEqual([1, 0])
})

test('the job of an event is written as any other, with all that it may say', async () => {
  const [store] = stores
  const at = new Date('2026-11-23T10:00:00.123Z')
  const full: Omit<NewJob, 'id'> = {
    name: processEvent.name,
    version: 3,
    payload: { inbox_id: 'é "quoted" \\ 😀' },
    tenant: 'their "own"',
    entity: 'booking:42',
    tags: ['a "tag"', 'with, comma'],
    parentId: newJobId(),
    childKey: 'child',
    priority: 2,
    runAt: at,
    expiresAt: at,
    traceparent: '00-0123456789abcdef0123456789abcdef-0123456789abcdef-01',
    batchId: newJobId(),
    lane: 'a lane',
    uniqueKey: 'a key',
  }
  await store?.(eventOf('evt_1'), { job: () => ({ ...full, id: newJobId() }) })
  await acceptJobs(database.run, [{ ...full, id: newJobId(), uniqueKey: 'another key' }])
  const { rows } = await database.knex.raw<{ rows: { unique_key: string; written: object }[] }>(
    `select l.unique_key,
            (to_jsonb(j) || to_jsonb(l)) - '{id, accepted_at, changed_at, unique_key}'::text[] as written
     from hbnb_jobs.jobs j join hbnb_jobs.job_live l using (id) order by l.unique_key`,
  )
  const [ofEvent, another] = rows
  expect([ofEvent?.unique_key, another?.unique_key]).toEqual(['a key', 'another key'])
  expect(ofEvent?.written).toEqual(another?.written)
  expect(ofEvent?.written).toMatchObject({ tags: full.tags, payload: full.payload, lane: full.lane })
})
