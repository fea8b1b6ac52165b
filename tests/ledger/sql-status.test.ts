import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { acceptJobs } from '../../src/ledger/accept.ts'
import { newJobId } from '../../src/ledger/job-id.ts'
import { newJob } from '../../src/ledger/new-job.ts'
import { findJobStatus, jobStates } from '../../src/ledger/status.ts'
import { plainJob } from './sql-types.ts'
import { type SqlWorld, startSqlWorld } from './sql-world.ts'

let world: SqlWorld
let database: SqlWorld['database']
let app: SqlWorld['app']
beforeAll(async () => {
  world = await startSqlWorld()
  ;({ database, app } = world)
})
afterAll(async () => {
  await world.close()
})

/** A job whose live row was changed by `live`, or that ended with an outcome of these columns. */
async function givenJob({ live = {}, ended }: { live?: object; ended?: object }, tenant = 'default'): Promise<string> {
  const job = newJob(plainJob, { booking_id: '1' }, { tenant, entity: 'booking:1' })
  await acceptJobs(database.run, [job])
  if (Object.keys(live).length > 0) await database.knex('hbnb_jobs.job_live').where({ id: job.id }).update(live)
  if (ended) {
    await database.knex('hbnb_jobs.job_live').where({ id: job.id }).delete()
    await database.knex('hbnb_jobs.job_outcomes').insert({ id: job.id, attempts: 2, ...ended })
  }
  return job.id
}

const later = new Date(Date.now() + 3_600_000)
const error = { name: 'PermanentError', code: 'no-such-booking', message: 'there is no booking 1' }

const states: readonly (readonly [string, Parameters<typeof givenJob>[0]])[] = [
  ['scheduled', { live: { run_at: later } }],
  ['waiting', { live: { state: 'queued', run: 1 } }],
  ['active', { live: { state: 'running', run: 1, token: 1, attempts: 1 } }],
  ['retrying', { live: { attempts: 1, run_at: later, last_error: error } }],
  ['parked', { live: { state: 'parked', attempts: 1, run_at: later } }],
  ['completed', { ended: { outcome: 'completed', result: { ok: true } } }],
  ['skipped', { ended: { outcome: 'skipped', reason: 'the world moved on' } }],
  ['failed', { ended: { outcome: 'failed', error } }],
  ['cancelled', { ended: { outcome: 'cancelled' } }],
  ['quarantined', { ended: { outcome: 'quarantined' } }],
]

describe('job_status', () => {
  it('is tried with every state there is', () => {
    expect(states.map(([state]) => state)).toEqual([...jobStates])
  })

  it.each(states)('says %s, and all else as the API does', async (state, given) => {
    const id = await givenJob(given)
    const api = await findJobStatus(database.run, id, 'default')
    const { rows } = await app.client.query('select * from hbnb_jobs.job_status where id = $1', [id])
    expect(rows).toMatchObject([
      {
        state,
        name: api?.name,
        attempts: api?.attempts,
        accepted_at: new Date(String(api?.accepted_at)),
        run_at: new Date(String(api?.run_at)),
        next_at: api?.next_at ? new Date(api.next_at) : null,
        finished_at: api?.finished_at ? new Date(api.finished_at) : null,
        result: api?.result,
        reason: api?.reason,
        error_code: api?.error?.code ?? null,
        entity: 'booking:1',
      },
    ])
    expect(api?.state).toBe(state)
    expect(rows[0]).not.toHaveProperty('payload')
  })

  it('shows the jobs of the session’s tenant alone', async () => {
    const id = await givenJob({}, 'partner-7')
    const seen = `select count(*)::int from hbnb_jobs.job_status where id = '${id}'`
    expect(await app.value(seen)).toBe(0)
    await app.client.query(`begin; set local hbnb_jobs.tenant = 'partner-7'`)
    expect(await app.value(seen)).toBe(1)
    await app.client.query('commit')
  })
})

async function cancel(id: string): Promise<unknown> {
  return await app.value('select hbnb_jobs.cancel($1)', [id])
}

describe('cancel()', () => {
  it.each([
    ['accepted', {}],
    ['queued', { state: 'queued', run: 1 }],
    ['retrying', { attempts: 2, run_at: later }],
    ['parked for a reason that is known', { state: 'parked', run: 1, token: 1 }],
  ])('ends a job that is %s', async (_, live) => {
    const id = await givenJob({ live })
    expect(await cancel(id)).toBe('cancelled')
    expect(await database.knex('hbnb_jobs.job_live').where({ id })).toEqual([])
    expect(await database.knex('hbnb_jobs.job_outcomes').where({ id })).toMatchObject([
      { outcome: 'cancelled', reason: `cancelled by sql:${app.role}`, error: null },
    ])
    expect(await cancel(id)).toBe('cancelled')
  })

  it.each(['sending', 'unknown'])('asks the run of a job that has an effect %s', async state => {
    const id = await givenJob({ live: { state: 'parked', run: 1, token: 1 } })
    await database.knex('hbnb_jobs.effects').insert({ id: newJobId(), job_id: id, key: 'mail', provider: 'p', state })
    expect(await cancel(id)).toBe('cancel-requested')
    expect(await database.knex('hbnb_jobs.job_live').where({ id })).toMatchObject([
      { state: 'parked', cancel_requested: true },
    ])
  })

  it('asks a job that runs', async () => {
    const id = await givenJob({ live: { state: 'running', run: 1, token: 1 } })
    expect(await cancel(id)).toBe('cancel-requested')
    const row = await app.client.query('select state, cancel_requested from hbnb_jobs.job_status where id = $1', [id])
    expect(row.rows).toEqual([{ state: 'active', cancel_requested: true }])
  })

  it('says how a job ended, and that there is none', async () => {
    expect(await cancel(await givenJob({ ended: { outcome: 'completed' } }))).toBe('completed')
    expect(await cancel(newJobId())).toBe('unknown-job')
    const foreign = await givenJob({}, 'partner-7')
    expect(await cancel(foreign)).toBe('unknown-job')
    expect(await database.knex('hbnb_jobs.job_live').where({ id: foreign })).toHaveLength(1)
  })

  it('is undone with its transaction', async () => {
    const id = await givenJob({})
    await app.client.query('begin')
    expect(await cancel(id)).toBe('cancelled')
    await app.client.query('rollback')
    expect(await database.knex('hbnb_jobs.job_live').where({ id })).toHaveLength(1)
    expect(await database.knex('hbnb_jobs.job_outcomes').where({ id })).toEqual([])
  })
})
