import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { connectDatabase, type Database } from '../../src/db/connect.ts'
import { purgeInbox } from '../../src/ledger/retention-inbox.ts'
import { createTestDatabase } from '../setup/database.ts'
import { givenInboxEvent } from '../support/given-inbox.ts'

const dayMs = 86_400_000
const now = new Date('2026-11-23T00:00:00Z')
const daysAgo = (days: number) => now.getTime() - days * dayMs

let own: Awaited<ReturnType<typeof createTestDatabase>>
let database: Database
beforeAll(async () => {
  own = await createTestDatabase()
  database = connectDatabase(own.url)
})
afterEach(() => database.knex('hbnb_jobs.webhook_inbox').delete())
afterAll(async () => {
  await database.close()
  await own.drop()
})

const left = () => database.knex('hbnb_jobs.webhook_inbox').orderBy('id').pluck<string[]>('id')

test('events go when their time is over, and not before', async () => {
  for (const state of ['processed', 'ignored', 'failed'] as const) {
    await givenInboxEvent(database, { state, atMs: daysAgo(90.1) })
  }
  await givenInboxEvent(database, { state: 'ignored', type: 'booking.moved', atMs: daysAgo(400) })
  const { id } = await givenInboxEvent(database, { state: 'processed', atMs: daysAgo(89.9) })
  expect(await purgeInbox(database.knex, 90, now)).toEqual({ purgedEvents: 4, isMore: false })
  expect(await left()).toEqual([id])
  expect(await purgeInbox(database.knex, 89, now)).toMatchObject({ purgedEvents: 1 })
})

test('one that a job is still to react to stays, whatever is said of it', async () => {
  const { id } = await givenInboxEvent(database, { state: 'waiting', atMs: daysAgo(400) })
  await database.knex('hbnb_jobs.webhook_inbox').where({ id }).update({ handled: 'processed' })
  expect(await purgeInbox(database.knex, 90, now)).toMatchObject({ purgedEvents: 0 })
  expect(await left()).toEqual([id])
})

test('what was reacted to stays known', async () => {
  const { id } = await givenInboxEvent(database, { state: 'processed', atMs: daysAgo(91) })
  const step = { entity: 'booking:42', step: 'confirmed', inbox_id: id, reacted_at: new Date(daysAgo(91)) }
  await database.knex('hbnb_jobs.reactions').insert(step)
  await purgeInbox(database.knex, 90, now)
  expect([await left(), await database.knex('hbnb_jobs.reactions')]).toEqual([[], [expect.objectContaining(step)]])
})

test('they go in batches, all of them, also when two purge at once', async () => {
  const { id } = await givenInboxEvent(database, { state: 'processed', atMs: daysAgo(100) })
  await database.knex.raw(
    `insert into hbnb_jobs.webhook_inbox (id, source, event_id, scheme, type, body, body_sha256, handled)
     select overlay(hbnb_jobs.uuid_v7()::text placing left(e.id::text, 13) from 1 for 13)::uuid, source, 'old-' || n, scheme,
            type, body, body_sha256, handled
     from hbnb_jobs.webhook_inbox e, generate_series(2, 6000) as n where e.id = ?`,
    [id],
  )
  const both = await Promise.all([1, 2].map(() => purgeInbox(database.knex, 90, now)))
  expect(both.reduce((sum, { purgedEvents }) => sum + purgedEvents, 0)).toBe(6_000)
  expect(await left()).toEqual([])
})
