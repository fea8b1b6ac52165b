import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { connectDatabase, type Database } from '../../src/db/connect.ts'
import { acceptJobs } from '../../src/ledger/accept.ts'
import { claimer } from '../../src/ledger/claim.ts'
import { newJob } from '../../src/ledger/new-job.ts'
import { firstJobIdAt } from '../../src/ledger/partitions.ts'
import { pickRows } from '../../src/ledger/relay/pick.ts'
import { createTestDatabase } from '../setup/database.ts'
import { plainJob } from './sql-types.ts'
import { withoutWeeks } from './without-weeks.ts'

let own: Awaited<ReturnType<typeof createTestDatabase>>
let database: Database
beforeEach(async () => {
  own = await createTestDatabase()
  database = connectDatabase(own.url)
})
afterEach(async () => {
  await database.close()
  await own.drop()
})

async function acceptOne(): Promise<string> {
  const job = newJob(plainJob, { booking_id: '1' })
  await acceptJobs(database.run, [job])
  return job.id
}

/** As a statement sees them that began before they were moved to a partition it does not know. */
async function hideFacts(id: string): Promise<void> {
  await database.knex('hbnb_jobs.jobs').where({ id }).delete()
}

async function stateOf(id: string): Promise<unknown> {
  return await database.knex('hbnb_jobs.job_live').where({ id }).first('state', 'run', 'token')
}

describe('a job whose facts are being moved', () => {
  it('is not picked: nobody would get its copy', async () => {
    const id = await acceptOne()
    await hideFacts(id)
    const { name } = plainJob
    const room = {
      name,
      total: 10,
      urgentRoom: 10,
      newRoom: 10,
      ordinaryRoom: 10,
      laneLimit: null,
      usualPriority: plainJob.priority,
    }
    const share = {
      name,
      lane: 'default',
      low: plainJob.priority,
      high: plainJob.priority,
      isNew: true,
      most: 10,
      laneLimit: null,
    }
    const other = await acceptOne()
    expect((await pickRows(database.run, [room], [share])).map(row => row.id)).toEqual([other])
    expect(await stateOf(id)).toEqual({ state: 'accepted', run: 0, token: 0 })
  })

  it('is not claimed: nobody would run it', async () => {
    const id = await acceptOne()
    await database.knex('hbnb_jobs.job_live').where({ id }).update({ state: 'queued', run: 1 })
    await hideFacts(id)
    expect(await claimer(database.run, () => 1)({ id, run: 1 })).toBeUndefined()
    expect(await stateOf(id)).toEqual({ state: 'queued', run: 1, token: 0 })
  })
})

describe('a week that gets its partition', () => {
  it('does not refuse what was on its way into the default partition', async () => {
    await withoutWeeks(database.knex)
    const [from, to] = [firstJobIdAt(Date.now() - 86_400_000), firstJobIdAt(Date.now() + 86_400_000)]
    let id: Promise<string> | undefined
    await database.knex.transaction(async tx => {
      await tx.raw('lock table hbnb_jobs.jobs_default in access exclusive mode')
      await tx.raw('create table hbnb_jobs.jobs_now (like hbnb_jobs.jobs including all)')
      await tx.raw(
        `alter table hbnb_jobs.jobs attach partition hbnb_jobs.jobs_now for values from ('${from}') to ('${to}')`,
      )
      id = acceptOne()
      await untilSomebodyWaits()
    })
    expect(await stateOf((await id) ?? '')).toEqual({ state: 'accepted', run: 0, token: 0 })
  })
})

async function untilSomebodyWaits(): Promise<void> {
  for (;;) {
    const { rows } = await database.knex.raw(
      `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    )
    if (rows.length > 0) return
    await delay(10)
  }
}
