import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { type Arrival, countArrivals, findArrivals } from '../../src/db/arrivals.ts'
import { connectDatabase, type Database } from '../../src/db/connect.ts'
import { countDepartures, type Departure, findDepartures } from '../../src/db/departures.ts'
import { createTestDatabase } from '../setup/database.ts'

const bookings = 100_000
const places = 2_000

let own: Awaited<ReturnType<typeof createTestDatabase>>
let database: Database
beforeAll(async () => {
  own = await createTestDatabase()
  database = connectDatabase(own.url)
  const { knex } = database
  await knex.raw(
    `insert into platform.places (id, version, host_id, title, city, country, zone)
     select 'place-' || n, 1, 'host-' || n, 'Cabane dans les pins', 'Arcachon', 'FR', 'Europe/Paris'
     from generate_series(0, ? - 1) as n`,
    [places],
  )
  // Stays of two nights over a thousand days, a hundred beginning on each; one in five was cancelled.
  await knex.raw(
    `insert into platform.bookings
       (id, version, place_id, guest_id, status, check_in, check_out, guests, total_minor, currency)
     select 'booking-' || n, 1, 'place-' || n % ?, 'guest-' || n,
            case when n / 1000 % 5 = 0 then 'cancelled' when n % 1000 < 500 then 'completed' else 'confirmed' end,
            date '2025-01-01' + n % 1000, date '2025-01-03' + n % 1000, 2, 84050, 'EUR'
     from generate_series(1, ?) as n`,
    [places, bookings],
  )
  await knex.raw('vacuum analyze platform.bookings, platform.places')
})
afterAll(async () => {
  await database.close()
  await own.drop()
})

/** What a statement read in all, in blocks of 8 kB; the bookings have some 1,500. */
const explained = z.tuple([
  z.object({
    'QUERY PLAN': z.tuple([
      z.object({ Plan: z.object({ 'Shared Hit Blocks': z.int(), 'Shared Read Blocks': z.int() }) }),
    ]),
  }),
])

const mostBlocks = 2_000

/** How many blocks the statements of `work` read. */
async function blocksOf(work: () => Promise<unknown>): Promise<number> {
  const { knex } = database
  const asked: { sql: string; bindings: unknown[] }[] = []
  const note = ({ sql, bindings }: { sql: string; bindings: unknown[] }) => asked.push({ sql, bindings })
  knex.on('query', note)
  await work()
  knex.removeListener('query', note)
  let blocks = 0
  for (const { sql, bindings } of asked) {
    const text = `explain (analyze, buffers, format json) ${sql}`
    const [
      {
        'QUERY PLAN': [{ Plan: plan }],
      },
    ] = explained.parse(await database.run({ name: '', text }, bindings))
    blocks += plan['Shared Hit Blocks'] + plan['Shared Read Blocks']
  }
  return blocks
}

test('a look for arrivals reads those of its days, among all the stays there ever were', async () => {
  const days = { from: '2027-03-01', to: '2027-03-03' }
  const found: Arrival[] = []
  const blocks = await blocksOf(async () => {
    expect(await countArrivals(database.knex, days)).toBe(240)
    for (;;) {
      const page = await findArrivals(database.knex, days, 100, found.at(-1))
      if (page.length === 0) break
      found.push(...page)
    }
  })
  expect(found).toHaveLength(240)
  expect(blocks).toBeLessThan(mostBlocks)
})

test('a look for those who left reads those of its days', async () => {
  const days = { from: '2026-03-01', to: '2026-03-05' }
  const found: Departure[] = []
  const blocks = await blocksOf(async () => {
    expect(await countDepartures(database.knex, days)).toBe(400)
    for (;;) {
      const page = await findDepartures(database.knex, days, 100, found.at(-1))
      if (page.length === 0) break
      found.push(...page)
    }
  })
  expect(found).toHaveLength(400)
  expect(blocks).toBeLessThan(mostBlocks)
})
