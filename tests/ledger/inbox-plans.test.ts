import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { connectDatabase, type Database } from '../../src/db/connect.ts'
import { type InboxFilter, inboxIds, searchInbox } from '../../src/db/inbox-search.ts'
import type { RunStatement } from '../../src/db/statement.ts'
import { createTestDatabase } from '../setup/database.ts'

const events = 40_000
const dayMs = 86_400_000

let own: Awaited<ReturnType<typeof createTestDatabase>>
let database: Database
beforeAll(async () => {
  own = await createTestDatabase()
  database = connectDatabase(own.url)
  const { knex } = database
  // 1 KB each, one every 108 s for 50 days: one in 2,000 of a rare kind, one in 200 ignored, one in 400 failed.
  await knex.raw(
    `insert into hbnb_jobs.webhook_inbox
       (id, source, event_id, scheme, type, body, body_sha256, entity, job_id, handled)
     select overlay(hbnb_jobs.uuid_v7()::text placing overlay(lpad(to_hex(:nowMs::bigint - (:events::int - n)::bigint * 108000), 12, '0')
              placing '-' from 9 for 0) from 1 for 13)::uuid,
            case when n % 2000 = 7 then 'payment' else 'booking' end, 'evt-' || n, 'standard',
            case when n % 2000 = 7 then 'payment.refunded' when n % 2 = 0 then 'booking.confirmed' else 'booking.created' end,
            jsonb_build_object('event', 'x', 'data', repeat(md5(n::text), 30)), md5(n::text), 'booking:' || n % 8000,
            hbnb_jobs.uuid_v7(),
            case when n % 400 = 9 then null when n % 200 = 1 then 'ignored' else 'processed' end
     from generate_series(1, :events::int) as n`,
    { events, nowMs: Date.now() },
  )
  await knex.raw('vacuum analyze hbnb_jobs.webhook_inbox')
})
afterAll(async () => {
  await database.close()
  await own.drop()
})

/** What a statement read in all, in blocks of 8 kB; the inbox has some 6,000. */
const explained = z.tuple([
  z.object({
    'QUERY PLAN': z.tuple([
      z.object({ Plan: z.object({ 'Shared Hit Blocks': z.int(), 'Shared Read Blocks': z.int() }) }),
    ]),
  }),
])
const mostBlocks = 1_500

/** Runs statements, and notes what each has read. */
function counting(blocks: number[]): RunStatement {
  return async <Row>(statement: Parameters<RunStatement>[0], values?: readonly unknown[]) => {
    const explain = { name: '', text: `explain (analyze, buffers, format json) ${statement.text}` }
    const [
      {
        'QUERY PLAN': [{ Plan: plan }],
      },
    ] = explained.parse(await database.run(explain, values))
    blocks.push(plan['Shared Hit Blocks'] + plan['Shared Read Blocks'])
    return await database.run<Row>(statement, values)
  }
}

const rare = { type: 'payment.refunded' } as const
const cases: readonly (readonly [string, InboxFilter, number])[] = [
  ['nothing', {}, 50],
  ['a source', { source: 'booking' }, 50],
  ['a rare source', { source: 'payment' }, 20],
  ['a source without events', { source: 'stripe' }, 0],
  ['a type', { type: 'booking.confirmed' }, 50],
  ['a rare type', rare, 20],
  ['an entity', { entity: 'booking:77' }, 5],
  ['what waits', { state: 'waiting' }, 0],
  ['what failed', { state: 'failed' }, 50],
  ['what was ignored', { state: 'ignored' }, 50],
  ['what was processed', { state: 'processed' }, 50],
  ['what failed of a rare type', { ...rare, state: 'failed' }, 0],
  ['a day long ago', { since: new Date(Date.now() - 40 * dayMs), until: new Date(Date.now() - 39 * dayMs) }, 50],
]

test.each(cases)('a search by %s reads a small part of the inbox', async (_what, filter, found) => {
  const blocks: number[] = []
  const page = await searchInbox(counting(blocks), filter, { limit: 50 })
  expect(page.events).toHaveLength(found)
  if (page.next !== null) await searchInbox(counting(blocks), filter, { limit: 50, before: page.next })
  await inboxIds(counting(blocks), filter, 50)
  expect(Math.max(...blocks)).toBeLessThan(mostBlocks)
})
