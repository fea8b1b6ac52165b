import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { connectDatabase, type Database } from '../../src/db/connect.ts'
import { errorSignature } from '../../src/domain/error-signature.ts'
import type { JobFilter } from '../../src/ledger/job-filter.ts'
import { newJobId } from '../../src/ledger/job-id.ts'
import { makePartitions } from '../../src/ledger/partitions.ts'
import { searchJobs } from '../../src/ledger/search.ts'
import type { JobState } from '../../src/ledger/status.ts'
import { createTestDatabase } from '../setup/database.ts'
import { givenFoundJob, type GivenFoundJob } from './given-found-job.ts'

const count = 400
const names = ['test.common', 'test.common', 'test.common', 'test.rare']
const states: readonly JobState[] = [
  'scheduled',
  'waiting',
  'active',
  'retrying',
  'parked',
  'completed',
  'completed',
  'skipped',
  'failed',
  'cancelled',
  'quarantined',
]
const dayMs = 86_400_000

let own: Awaited<ReturnType<typeof createTestDatabase>>
let database: Database
const given: GivenFoundJob[] = []

beforeAll(async () => {
  own = await createTestDatabase()
  database = connectDatabase(own.url)
  // Some jobs lie in weeks of their own, some in the default partition.
  await makePartitions(database.knex, Date.now() - 20 * dayMs)
  await makePartitions(database.knex, Date.now())
  for (let index = 0; index < count; index++) {
    const state = states[index % states.length] ?? 'waiting'
    given.push(
      await givenFoundJob(database.knex, {
        atMs: Date.now() - (count - index) * 2 * 3_600_000,
        name: names[index % names.length] ?? 'test.rare',
        tenant: index % 7 === 3 ? 'other' : 'default',
        tags: index % 5 === 0 ? ['even:week', `round:${index % 3}`] : [],
        entity: index % 3 === 0 ? `booking:${index % 9}` : null,
        batch: index % 11 === 4 ? '00000000-0000-7000-8000-0000000000ba' : null,
        state,
        error: ['failed', 'quarantined', 'retrying'].includes(state)
          ? { name: 'Error', code: index % 2 === 0 ? 'mail-refused' : null, message: `user ${index} has no address` }
          : null,
      }),
    )
  }
})
afterAll(async () => {
  await database.close()
  await own.drop()
})

async function all(filter: JobFilter, limit: number): Promise<string[]> {
  const ids: string[] = []
  let before: string | undefined
  for (;;) {
    const { jobs, next } = await searchJobs(database.run, filter, { limit, before })
    ids.push(...jobs.map(({ id }) => id))
    expect(jobs.length).toBe(next === null ? jobs.length : limit)
    if (next === null) return ids
    before = next
  }
}

function expected(filter: JobFilter): string[] {
  const { tenant, name, states: wanted, error, entity, tag, batch, since, until } = filter
  return given
    .filter(job => tenant === undefined || job.tenant === tenant)
    .filter(job => name === undefined || job.name === name)
    .filter(job => wanted === undefined || wanted.includes(job.state))
    .filter(job => error === undefined || (job.error && errorSignature(job.error).startsWith(error)))
    .filter(job => entity === undefined || job.entity === entity)
    .filter(job => tag === undefined || job.tags.includes(tag))
    .filter(job => batch === undefined || job.batch === batch)
    .filter(job => since === undefined || job.atMs >= since.getTime())
    .filter(job => until === undefined || job.atMs < until.getTime())
    .map(({ id }) => id)
    .toSorted()
    .toReversed()
}

const daysAgo = (days: number) => new Date(Date.now() - days * dayMs)

test.each<[string, JobFilter]>([
  ['everything', {}],
  ['of one tenant', { tenant: 'other' }],
  ['of a name', { name: 'test.rare' }],
  ['waiting ones', { states: ['waiting'] }],
  ['waiting ones of a tenant', { states: ['waiting', 'scheduled'], tenant: 'other' }],
  ['completed and waiting ones', { states: ['completed', 'waiting'] }],
  ['all that ended badly', { states: ['failed', 'cancelled', 'quarantined'] }],
  ['one of each way to look', { states: ['parked', 'skipped', 'quarantined', 'completed'], name: 'test.common' }],
  ['by an error, open and ended', { error: 'mail-refused:user #' }],
  ['by the beginning of an error', { error: 'Err', tenant: 'default' }],
  ['failed ones by an error', { error: 'mail-refused', states: ['failed'] }],
  ['by an error nobody had', { error: 'mail-accepted' }],
  ['of an entity', { entity: 'booking:3' }],
  ['with a tag', { tag: 'round:1' }],
  ['of a batch', { batch: '00000000-0000-7000-8000-0000000000ba' }],
  ['since a time', { since: daysAgo(9) }],
  ['between two times', { since: daysAgo(25), until: daysAgo(3), states: ['completed', 'failed', 'active'] }],
])('finds %s, newest first, on pages of any size', async (_what, filter) => {
  const wanted = expected(filter)
  for (const limit of [1_000, 7]) expect(await all(filter, limit)).toEqual(wanted)
})

test('jobs that come and go between two pages neither repeat nor hide others', async () => {
  const first = await searchJobs(database.run, { name: 'test.common' }, { limit: 5 })
  const before = z.string().parse(first.next)
  const late = await givenFoundJob(database.knex, { atMs: Date.now(), name: 'test.common', state: 'waiting' })
  const second = await searchJobs(database.run, { name: 'test.common' }, { limit: 1_000, before })
  const met = [...first.jobs, ...second.jobs].map(({ id }) => id)
  expect(met).toEqual(expected({ name: 'test.common' }))
  expect(met).not.toContain(late.id)
})

test('a found job says what it is, with the signature of its error', async () => {
  const id = newJobId()
  const error = { name: 'PermanentError', code: 'sms-refused', message: 'number 33612 is not ours' }
  await givenFoundJob(database.knex, {
    id,
    atMs: Date.now(),
    name: 'test.shown',
    entity: 'booking:shown',
    tags: ['a', 'b'],
    state: 'failed',
    error,
  })
  const { jobs } = await searchJobs(database.run, { entity: 'booking:shown' }, { limit: 1 })
  expect(jobs).toEqual([
    {
      id,
      name: 'test.shown',
      state: 'failed',
      attempts: 2,
      accepted_at: expect.any(String),
      run_at: expect.any(String),
      finished_at: expect.any(String),
      entity: 'booking:shown',
      tags: ['a', 'b'],
      error: { ...error, signature: 'sms-refused:number # is not ours' },
      reason: null,
      tenant: 'default',
      batch: null,
    },
  ])
})
