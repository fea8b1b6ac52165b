import { afterAll, beforeAll, expect, test } from 'vitest'
import { connectDatabase, type Database } from '../../src/db/connect.ts'
import { addToDigest, closeDigests, contentOf, lockDueDigests } from '../../src/db/digests.ts'
import { newJobId } from '../../src/ledger/job-id.ts'
import { createTestDatabase } from '../setup/database.ts'

const zone = 'Etc/UTC'
const now = new Date('2026-06-30T18:00:00Z')
/** Its time has come, and that of the weeks after it as well. */
const window = { day: '2026-06-01', closesAt: new Date('2026-06-01T18:00:00Z') }

let own: Awaited<ReturnType<typeof createTestDatabase>>
let database: Database
beforeAll(async () => {
  own = await createTestDatabase()
  database = connectDatabase(own.url)
})
afterAll(async () => {
  await database.close()
  await own.drop()
})

async function gather(user_id: string, title: string): Promise<Date> {
  const about = { id: newJobId(), tenant: 'default', user_id, category: 'message' as const }
  await database.knex('hbnb_jobs.notifications').insert({ ...about, title, locale: 'fr', data: {}, urgency: 'low' })
  return await database.knex.transaction(tx => addToDigest(tx, about, newJobId(), zone, window))
}

interface Closed {
  readonly id: string
  readonly titles: readonly string[]
}

async function close(limit: number): Promise<Closed[]> {
  return await database.knex.transaction(async tx => {
    const digests = await lockDueDigests(tx, now, limit)
    const contents = await contentOf(tx, digests, now)
    await closeDigests(tx, digests)
    return digests.map(({ id }) => ({ id, titles: contents.get(id)?.items.map(({ title }) => title) ?? [] }))
  })
}

test('what comes after the close waits for the next day', async () => {
  expect(await gather('late', 'first')).toEqual(window.closesAt)
  expect(await close(10)).toMatchObject([{ titles: ['first'] }])
  expect(await gather('late', 'second')).toEqual(new Date('2026-06-02T18:00:00Z'))
  expect(await close(10)).toMatchObject([{ titles: ['second'] }])
  expect(await close(10)).toEqual([])
})

test('many who close while others write: each thing is told once, and none is lost', async () => {
  const writers = Array.from({ length: 60 }, async (_, n) => await gather(`reader-${n % 3}`, `thing ${n}`))
  const closed: Closed[] = []
  const closers = Array.from({ length: 3 }, async () => {
    for (let round = 0; round < 20; round++) closed.push(...(await close(2)))
  })
  await Promise.all([...writers, ...closers])
  closed.push(...(await close(100)))
  const ids = closed.map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  const told = closed.flatMap(({ titles }) => titles)
  expect(told.toSorted()).toEqual(Array.from({ length: 60 }, (_, n) => `thing ${n}`).toSorted())
})

test('a long list names the oldest things and counts all', async () => {
  for (let n = 0; n < 23; n++) await gather('busy', `thing ${n}`)
  const content = await database.knex.transaction(async tx => {
    const digests = await lockDueDigests(tx, now, 10)
    const contents = await contentOf(tx, digests, now)
    return contents.get(digests[0]?.id ?? '')
  })
  expect(content?.count).toBe(23)
  expect(content?.items.map(({ title }) => title)).toEqual(Array.from({ length: 20 }, (_, n) => `thing ${n}`))
})
