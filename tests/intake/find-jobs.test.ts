import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { createApiKey } from '../../src/db/api-keys.ts'
import { foundJob } from '../../src/intake/http/found-job.ts'
import { givenFoundJob } from '../ledger/given-found-job.ts'
import { startIntake, type TestIntake } from '../support/intake.ts'

const page = z.strictObject({
  jobs: z.array(z.strictObject(foundJob.shape)),
  next_cursor: z.string().nullable(),
})
const minuteMs = 60_000

let intake: TestIntake
let ids: string[] = []

beforeAll(async () => {
  intake = await startIntake()
  const { knex } = intake.database
  const startMs = Date.now() - 100 * minuteMs
  for (let index = 0; index < 20; index++) {
    const { id } = await givenFoundJob(knex, {
      atMs: startMs + index * minuteMs,
      name: index % 2 === 0 ? 'test.even' : 'test.odd',
      tenant: index === 7 ? 'other' : 'default',
      state: index % 4 === 0 ? 'failed' : 'waiting',
      error: index % 4 === 0 ? { name: 'Error', code: 'mail-refused', message: `no user ${index}` } : null,
      tags: index === 4 ? ['campaign:spring'] : [],
      entity: index < 3 ? 'booking:42' : null,
    })
    ids.push(id)
  }
  ids = ids.toReversed()
})
afterAll(() => intake.close())

async function find(query: string, headers: Record<string, string> = {}) {
  const answer = await intake.send('GET', `/v1/jobs?${query}`, undefined, headers)
  expect(answer.status, answer.text).toBe(200)
  return page.parse(answer.json)
}

const found = async (query: string) => (await find(query)).jobs.map(({ id }) => id)
/** `index` counts from the oldest. */
const job = (index: number) => ids[19 - index]

test('jobs are found newest first, page by page', async () => {
  const met: string[] = []
  let cursor: string | null = null
  do {
    const { jobs, next_cursor }: z.output<typeof page> = await find(
      `limit=6${cursor === null ? '' : `&cursor=${cursor}`}`,
    )
    met.push(...jobs.map(({ id }) => id))
    cursor = next_cursor
  } while (cursor !== null)
  expect(met).toEqual(ids)
})

test('every option narrows', async () => {
  expect(await found('name=test.odd&state=failed')).toEqual([])
  expect(await found('state=failed&state=waiting&entity=booking:42')).toEqual([job(2), job(1), job(0)])
  expect(await found('error=mail-refused:no&limit=2')).toEqual([job(16), job(12)])
  expect(await found('tag=campaign:spring')).toEqual([job(4)])
  expect(await found('tenant=other')).toEqual([job(7)])
  expect(await found('batch=00000000-0000-7000-8000-000000000000')).toEqual([])
  const since = new Date(Date.now() - 83 * minuteMs).toISOString()
  const until = encodeURIComponent(new Date(Date.now() - 81 * minuteMs).toISOString().replace('Z', '+00:00'))
  expect((await found(`since=${since}&until=${until}`)).length).toBeLessThanOrEqual(2)
  expect(await found(`since=${since}`)).toEqual(ids.slice(0, (await found(`since=${since}`)).length))
})

test('who may not see other tenants finds only its own, and may not ask for them', async () => {
  const { key } = await createApiKey(intake.database.knex, { name: 'o', tenant: 'other', scopes: ['jobs:read'] })
  const headers = { authorization: `Bearer ${key}` }
  expect((await find('', headers)).jobs.map(({ id }) => id)).toEqual([job(7)])
  expect(await intake.send('GET', '/v1/jobs?tenant=default', undefined, headers)).toMatchObject({
    status: 403,
    json: { type: '/problems/scope-missing' },
  })
})

test.each([
  'state=broken',
  'limit=0',
  'limit=201',
  'limit=1&limit=2',
  'cursor=abc',
  'cursor=AAAAAAAAAAAAAAAAAAAAAB',
  'cursor=__________________________',
  'since=yesterday',
  'entity=nothing',
  'batch=1',
  'name=',
  'name=a%00b',
  'error=%00',
  'tag=%00',
  'what=ever',
])('%s is refused by name', async query => {
  const answer = await intake.send('GET', `/v1/jobs?${query}`)
  expect(answer).toMatchObject({ status: 400, json: { type: '/problems/invalid-option' } })
  expect(answer.json['errors']).toMatchObject([{ field: query.split('=')[0] }])
})

test('instants before there were ids bound as others do', async () => {
  const all = await intake.send('GET', '/v1/jobs')
  const since = await intake.send('GET', '/v1/jobs?since=0000-01-01T00:00:00Z')
  expect(since).toMatchObject({ status: 200, json: { jobs: all.json['jobs'] } })
  const until = await intake.send('GET', '/v1/jobs?until=1969-12-31T00:00:00Z&state=failed')
  expect(until).toMatchObject({ status: 200, json: { jobs: [], next_cursor: null } })
})
