import { afterAll, beforeAll, expect, test } from 'vitest'
import { connectDatabase, type Database } from '../../src/db/connect.ts'
import { statementsIn } from '../../src/db/statement.ts'
import { acceptJobs } from '../../src/ledger/accept.ts'
import { cancelJob } from '../../src/ledger/cancel.ts'
import { newJob } from '../../src/ledger/new-job.ts'
import { promoteJob } from '../../src/ledger/promote.ts'
import { plainJob } from '../ledger/sql-types.ts'
import { createTestDatabase } from '../setup/database.ts'
import { endAs, givenEffect, givenOpen } from './given-job.ts'

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

const hourMs = 3_600_000
const live = (id: string) => database.knex('hbnb_jobs.job_live').where({ id }).first()
const open = (options = {}) => givenOpen(database, plainJob, { booking_id: '42' }, options)

async function cancel(id: string, tenant: string | null = null, reason = 'cancelled by an operator') {
  return await database.knex.transaction(tx => cancelJob(statementsIn(tx), id, { tenant, reason }))
}

test('a waiting job of any tenant is cancelled, with the reason of who came first', async () => {
  const id = await open({ tenant: 'shop' })
  expect(await cancel(id, 'default')).toBe('unknown-job')
  expect(await cancel(id)).toBe('cancelled')
  expect(await cancel(id, 'shop', 'another reason')).toBe('cancelled')
  const row = await database.knex('hbnb_jobs.job_outcomes').where({ id }).first()
  expect(row).toMatchObject({ outcome: 'cancelled', reason: 'cancelled by an operator' })
})

test('a running job, and one whose effect is on its way, is asked to stop', async () => {
  const [running, sending] = [await open(), await open()]
  await database.knex('hbnb_jobs.job_live').where({ id: running }).update({ state: 'running' })
  await givenEffect(database, sending, 'mail', 'sending')
  expect([await cancel(running), await cancel(sending)]).toEqual(['cancel-requested', 'cancel-requested'])
  expect([await live(running), await live(sending)]).toMatchObject([
    { cancel_requested: true },
    { cancel_requested: true },
  ])
})

test('what has ended stays as it ended', async () => {
  const id = await open()
  await endAs(database, id, 'completed')
  expect(await cancel(id)).toBe('completed')
})

test('a parent that waits for its last child is woken', async () => {
  const parent = await open()
  const later = new Date(Date.now() + hourMs)
  await database.knex('hbnb_jobs.job_live').where({ id: parent }).update({ state: 'parked', run_at: later })
  const child = { ...newJob(plainJob, { booking_id: '42' }), parentId: parent, childKey: 'only' }
  await acceptJobs(database.run, [child])
  await cancel(child.id)
  expect((await live(parent)).run_at.getTime()).toBeLessThanOrEqual(Date.now())
})

test('promoting makes due what waits for its time or its next attempt, and nothing else', async () => {
  const planned = await open({ runAt: new Date(Date.now() + hourMs) })
  expect(await promoteJob(database.run, planned)).toBe(true)
  expect((await live(planned)).run_at.getTime()).toBeLessThanOrEqual(Date.now())
  expect(await promoteJob(database.run, planned), 'it is due already').toBe(false)

  const retrying = await open()
  await database.knex('hbnb_jobs.job_live').where({ id: retrying }).update({ state: 'queued', run: 1 })
  expect(await promoteJob(database.run, retrying), 'it waits in its queue for a worker').toBe(false)
  await database.knex('hbnb_jobs.job_live').where({ id: retrying }).update({ attempts: 1 })
  expect(await promoteJob(database.run, retrying)).toBe(true)
  expect(await live(retrying)).toMatchObject({ state: 'accepted', attempts: 1 })
})
