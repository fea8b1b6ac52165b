import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { acceptJobs } from '../../src/ledger/accept.ts'
import { timeOfJobId } from '../../src/ledger/job-id.ts'
import { newJob } from '../../src/ledger/new-job.ts'
import { keyedJob, plainJob } from './sql-types.ts'
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

async function rowOf(id: unknown) {
  const { rows } = await database.knex.raw(
    `select j.*, l.lane, l.unique_key, l.state, l.priority as live_priority, l.run_at as live_run_at
     from hbnb_jobs.jobs j join hbnb_jobs.job_live l using (id) where j.id = ?`,
    [String(id)],
  )
  return rows[0]
}

async function countJobs(): Promise<number> {
  const { rows } = await database.knex.raw('select count(*)::int as jobs from hbnb_jobs.jobs')
  return rows[0].jobs
}

describe('enqueue()', () => {
  it('stores the job as its type and its options say', async () => {
    const id = await app.value(
      `select hbnb_jobs.enqueue('sql-test.plain', '{"booking_id": "42"}', run_at => '2027-01-02T03:04:05Z', priority => 2,
         expires_at => '2027-02-01T00:00:00Z', entity => 'booking:42', tags => array['import', 'v2'])`,
    )
    expect(await rowOf(id)).toMatchObject({
      name: 'sql-test.plain',
      version: 3,
      payload: { booking_id: '42' },
      tenant: 'default',
      entity: 'booking:42',
      tags: ['import', 'v2'],
      priority: 2,
      live_priority: 2,
      run_at: new Date('2027-01-02T03:04:05Z'),
      live_run_at: new Date('2027-01-02T03:04:05Z'),
      expires_at: new Date('2027-02-01T00:00:00Z'),
      state: 'accepted',
      parent_id: null,
    })
  })

  it('takes the defaults of the type: priority, now, and its expiry counted from the time it may run', async () => {
    const before = Date.now()
    const now = await rowOf(await app.value(`select hbnb_jobs.enqueue('sql-test.plain', '{"booking_id": "1"}')`))
    expect(now.priority).toBe(4)
    expect(now.expires_at.getTime() - before).toBeGreaterThanOrEqual(3_600_000 - 1_000)
    expect(now.expires_at.getTime() - before).toBeLessThan(3_600_000 + 10_000)
    const later = await rowOf(
      await app.value(
        `select hbnb_jobs.enqueue('sql-test.plain', '{"booking_id": "1"}', run_at => '2027-01-01T00:00:00Z')`,
      ),
    )
    expect(later.expires_at).toEqual(new Date('2027-01-01T01:00:00Z'))
  })

  it('belongs to the tenant that the session names', async () => {
    await app.client.query(`begin; set local hbnb_jobs.tenant = 'partner-7'`)
    const id = await app.value(`select hbnb_jobs.enqueue('sql-test.plain', '{"booking_id": "1"}')`)
    await app.client.query('commit')
    expect(await rowOf(id)).toMatchObject({ tenant: 'partner-7', lane: 'partner-7' })
  })

  it('leaves nothing when the transaction of its caller is rolled back', async () => {
    const before = await countJobs()
    await app.client.query('begin')
    await app.value(`select hbnb_jobs.enqueue('sql-test.plain', '{"booking_id": "1"}', key => 'rolled-back')`)
    await app.client.query('rollback')
    expect(await countJobs()).toBe(before)
    expect(await database.knex('hbnb_jobs.idempotency_keys').where({ key: 'rolled-back' })).toEqual([])
  })

  it('makes ids that are UUIDv7 of this moment and rise', async () => {
    const before = Date.now()
    const { rows } = await app.client.query<{ id: string }>(
      `select hbnb_jobs.enqueue('sql-test.plain', '{"booking_id": "1"}') as id from generate_series(1, 200)`,
    )
    const ids = rows.map(({ id }) => id)
    expect(ids).toEqual(ids.toSorted())
    expect(new Set(ids).size).toBe(200)
    for (const id of ids) {
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
      expect(timeOfJobId(id)).toBeGreaterThanOrEqual(before - 1)
      expect(timeOfJobId(id)).toBeLessThanOrEqual(Date.now() + 1)
    }
  })
})

describe('keys of uniqueness and lanes', () => {
  it.each([
    ['{"user_id": "u-1", "slot": "a"}'],
    ['{"user_id": "u-1"}'],
    ['{"user_id": "u-1", "slot": null}'],
    ['{"user_id": "", "slot": ""}'],
    ['{"user_id": 7, "slot": true}'],
    ['{"user_id": 7.0, "slot": false}'],
    ['{"user_id": 1e3, "slot": -0.50}'],
    ['{"user_id": 9007199254740991, "slot": -0}'],
    ['{"user_id": "Zoë — \\u00e9\\ud83d\\ude80", "slot": "a\\tb"}'],
    ['{"slot": "before", "user_id": "after"}'],
  ])('of %s are the same as over HTTP', async text => {
    const payload = JSON.parse(text)
    const job = newJob(keyedJob, payload)
    await acceptJobs(database.run, [job])
    const bySql = await app.value(`select hbnb_jobs.enqueue('sql-test.keyed', $1::jsonb)`, [text])
    const [ours, theirs] = [await rowOf(job.id), await rowOf(bySql)]
    expect([theirs.lane, theirs.unique_key]).toEqual([ours.lane, ours.unique_key])
  })

  it('of a type without any are the tenant and nothing', async () => {
    const id = await app.value(`select hbnb_jobs.enqueue('sql-test.plain', '{"booking_id": "1"}')`)
    const job = newJob(plainJob, { booking_id: '1' })
    expect(await rowOf(id)).toMatchObject({ lane: job.lane, unique_key: job.uniqueKey })
  })
})

describe('enqueue_many()', () => {
  it('makes all, in order, each with its options', async () => {
    const { rows } = await app.client.query<{ id: string }>(
      `select id from hbnb_jobs.enqueue_many($1::jsonb) with ordinality as made(id, place) order by place`,
      [
        JSON.stringify([
          { name: 'sql-test.plain', payload: { booking_id: '1' } },
          {
            name: 'sql-test.plain',
            payload: { booking_id: '2' },
            priority: 9,
            tags: ['a'],
            entity: 'booking:2',
            key: 'm-2',
          },
        ]),
      ],
    )
    const made = await Promise.all(rows.map(({ id }) => rowOf(id)))
    expect(made).toMatchObject([
      { payload: { booking_id: '1' }, priority: 4, tags: [] },
      { payload: { booking_id: '2' }, priority: 9, tags: ['a'], entity: 'booking:2' },
    ])
    expect(await app.value(`select hbnb_jobs.enqueue('sql-test.plain', '{"booking_id": "2"}', key => 'm-2')`)).toBe(
      rows[1]?.id,
    )
  })

  it('makes none when one is refused, and says which', async () => {
    const before = await countJobs()
    const jobs = [
      { name: 'sql-test.plain', payload: { booking_id: '1' } },
      { name: 'sql-test.plain', payload: {} },
    ]
    await expect(app.value('select hbnb_jobs.enqueue_many($1::jsonb)', [JSON.stringify(jobs)])).rejects.toMatchObject({
      code: 'JB003',
      message: 'job 1: sql-test.plain needs booking_id in its payload',
    })
    expect(await countJobs()).toBe(before)
  })

  it.each([
    ['an object', '{}', 'jobs must be a JSON array'],
    ['1,001 jobs', JSON.stringify(Array.from({ length: 1_001 }, () => ({}))), 'at most 1000 jobs'],
    ['a number among them', '[1]', 'job 0: it must be an object'],
    [
      'an unknown option',
      '[{"name": "sql-test.plain", "payload": {"booking_id": "1"}, "delay": 5}]',
      'no option delay',
    ],
  ])('refuses %s', async (_, jobs, message) => {
    await expect(app.value('select hbnb_jobs.enqueue_many($1::jsonb)', [jobs])).rejects.toThrow(message)
  })
})
