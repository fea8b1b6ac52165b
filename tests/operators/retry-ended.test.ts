import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connectDatabase, type Database } from '../../src/db/connect.ts'
import { declareJobTypes } from '../../src/ledger/job-types.ts'
import { maxRetriesPerCall, retryableOf, retryEnded } from '../../src/ledger/retry-ended.ts'
import { findJobStatus } from '../../src/ledger/status.ts'
import { keyedJob, plainJob, sqlTestTypes } from '../ledger/sql-types.ts'
import { createTestDatabase } from '../setup/database.ts'
import { endAs, givenEffect, givenOpen } from './given-job.ts'

let own: Awaited<ReturnType<typeof createTestDatabase>>
let database: Database

beforeAll(async () => {
  own = await createTestDatabase()
  database = connectDatabase(own.url)
  await declareJobTypes(database.run, sqlTestTypes)
})
afterAll(async () => {
  await database.close()
  await own.drop()
})

const live = (id: string) => database.knex('hbnb_jobs.job_live').where({ id }).first()
const retry = async (id: string) => (await retryEnded(database.run, [id])).get(id)
const openJob = () => givenOpen(database, plainJob, { booking_id: '42' })

describe('a failed job', () => {
  test('begins anew as it was accepted, under numbers no earlier run can have', async () => {
    const id = await givenOpen(database, keyedJob, { user_id: 'user-7', slot: 3 }, { tenant: 'shop', priority: 2 })
    const before = await live(id)
    await endAs(database, id, 'failed')
    expect(await retry(id)).toBe('retried')
    const { run_at, changed_at, ...after } = await live(id)
    expect(after).toEqual({
      ...before,
      run: 1_000_000,
      token: 1_000_000,
      run_at: undefined,
      changed_at: undefined,
      payload_bytes: null,
    })
    expect([run_at.getTime() <= Date.now(), changed_at instanceof Date]).toEqual([true, true])

    await endAs(database, id, 'failed')
    expect(await retry(id)).toBe('retried')
    expect(await live(id)).toMatchObject({ run: 2_000_000, token: 2_000_000, attempts: 0 })
  })

  test('keeps how it had ended in its history', async () => {
    const id = await openJob()
    await endAs(database, id, 'failed')
    await retry(id)
    expect(await findJobStatus(database.run, id, 'default')).toMatchObject({
      state: 'waiting',
      attempts: 0,
      finished_at: null,
      attempts_log: [{ attempt: 3, ending: 'failed', error: { code: 'mail-refused' } }],
    })
  })

  test('asks again what was refused, and never what took effect or may have', async () => {
    const id = await openJob()
    for (const state of ['rejected', 'accepted', 'unknown', 'reserved']) await givenEffect(database, id, state, state)
    await endAs(database, id, 'failed')
    await retry(id)
    const effects = await database.knex('hbnb_jobs.effects').where({ job_id: id }).orderBy('key')
    expect(effects.map(({ key, state, settled_at, sends }) => [key, state, settled_at === null, sends])).toEqual([
      ['accepted', 'accepted', false, 1],
      ['rejected', 'reserved', true, 1],
      ['reserved', 'reserved', false, 1],
      ['unknown', 'unknown', false, 1],
    ])
  })
})

test('a cancelled job tells why it was, a quarantined one runs alone', async () => {
  const [cancelled, quarantined] = [await openJob(), await openJob()]
  await endAs(database, cancelled, 'cancelled')
  await endAs(database, quarantined, 'quarantined')
  expect([await retry(cancelled), await retry(quarantined)]).toEqual(['retried', 'retried'])
  expect([(await live(cancelled)).suspect, (await live(quarantined)).suspect]).toEqual([false, true])
  const row = await database.knex('hbnb_jobs.job_attempts').where({ job_id: cancelled }).first()
  expect(row).toMatchObject({ attempt: 0, ending: 'cancelled', error: { message: 'cancelled by an operator' } })
})

test('nothing else is retried, and the answer says why', async () => {
  const [open, completed, skipped, expired] = [await openJob(), await openJob(), await openJob(), await openJob()]
  await endAs(database, completed, 'completed')
  await endAs(database, skipped, 'skipped')
  await endAs(database, expired, 'failed')
  await database
    .knex('hbnb_jobs.jobs')
    .where({ id: expired })
    .update({ expires_at: new Date(0) })
  const unknown = '0199a5f0-7c1e-7b3a-9d2e-3f4a5b6c7d8e'
  expect([...(await retryEnded(database.run, [open, completed, skipped, expired, unknown])).values()]).toEqual([
    'open',
    'completed',
    'skipped',
    'expired',
    'unknown-job',
  ])
})

test('a tenant retries its own jobs only', async () => {
  const id = await openJob()
  await endAs(database, id, 'failed')
  expect((await retryEnded(database.run, [id], { tenant: 'shop' })).get(id)).toBe('unknown-job')
  expect((await retryEnded(database.run, [id], { tenant: 'default' })).get(id)).toBe('retried')
})

test('of many who retry one job at once, one does', async () => {
  const id = await openJob()
  await endAs(database, id, 'failed')
  const answers = await Promise.all(Array.from({ length: 8 }, () => retry(id)))
  expect(answers.filter(answer => answer === 'retried')).toHaveLength(1)
  expect(answers.filter(answer => answer === 'open')).toHaveLength(7)
  expect(await database.knex('hbnb_jobs.job_attempts').where({ job_id: id })).toHaveLength(1)
})

test('the failed ones of a type are found oldest first, without those that people cancelled', async () => {
  const ids = await Promise.all(Array.from({ length: 3 }, () => givenOpen(database, keyedJob, { user_id: 'user-9' })))
  const [first = '', second = '', third = ''] = ids.toSorted()
  await endAs(database, second, 'quarantined')
  await endAs(database, first, 'failed')
  await endAs(database, third, 'cancelled')
  expect(await retryableOf(database.run, keyedJob.name, 10)).toEqual([first, second])
  expect(await retryableOf(database.run, keyedJob.name, 1)).toEqual([first])
  const tooMany = Array<string>(maxRetriesPerCall + 1).fill(first)
  await expect(retryEnded(database.run, tooMany)).rejects.toThrow('at most 1000')
})
