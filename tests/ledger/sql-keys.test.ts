import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { until } from '../support/until.ts'
import { givenSqlCaller } from './sql-caller.ts'
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

async function enqueue(key: string, payload: string, name = 'sql-test.plain'): Promise<unknown> {
  return await app.value(`select hbnb_jobs.enqueue($1, $2::jsonb, key => $3)`, [name, payload, key])
}

async function jobCount(): Promise<number> {
  const { rows } = await database.knex.raw('select count(*)::int as jobs from hbnb_jobs.jobs')
  return rows[0].jobs
}

describe('an idempotency key', () => {
  it('stands for its job: the same call again answers the first id and makes nothing', async () => {
    const first = await enqueue('k-1', '{"booking_id": "1", "n": 1}')
    const before = await jobCount()
    expect(await enqueue('k-1', '{"n": 1,   "booking_id": "1"}')).toBe(first)
    expect(await jobCount()).toBe(before)
  })

  it('is refused for another payload or another job', async () => {
    await enqueue('k-2', '{"booking_id": "1"}')
    const reused = { code: 'JB004', hint: expect.stringContaining('one key per piece of work') }
    await expect(enqueue('k-2', '{"booking_id": "2"}')).rejects.toMatchObject(reused)
    await expect(enqueue('k-2', '{"booking_id": "1", "user_id": "1"}', 'sql-test.keyed')).rejects.toMatchObject(reused)
  })

  it('belongs to one role', async () => {
    const other = await givenSqlCaller(world.url)
    try {
      const first = await enqueue('k-3', '{"booking_id": "1"}')
      const sql = `select hbnb_jobs.enqueue('sql-test.plain', '{"booking_id": "9"}', key => 'k-3')`
      expect(await other.value(sql)).not.toBe(first)
    } finally {
      await other.close()
    }
  })

  it('ends after its 24 hours', async () => {
    const first = await enqueue('k-4', '{"booking_id": "1"}')
    const row = database.knex('hbnb_jobs.idempotency_keys').where({ key: 'k-4' })
    const [kept] = await row.clone()
    expect(kept.expires_at.getTime() - Date.now()).toBeGreaterThan(23.9 * 3_600_000)
    await row.update({ expires_at: new Date(Date.now() - 1_000) })
    const second = await enqueue('k-4', '{"booking_id": "2"}')
    expect(second).not.toBe(first)
    expect(await enqueue('k-4', '{"booking_id": "2"}')).toBe(second)
  })

  it.each([
    ['commits', true],
    ['rolls back', false],
  ])('waits for another transaction that is using it: when that %s', async (ending, isSame) => {
    const sql = `select hbnb_jobs.enqueue('sql-test.plain', '{"booking_id": "5"}', key => 'k-${isSame}') as id`
    const first = await app.connectAgain()
    const second = await app.connectAgain()
    try {
      await first.query('begin')
      const mine = (await first.query<{ id: string }>(sql)).rows[0]?.id
      const theirs = second.query<{ id: string }>(sql)
      await until('the second waits', async () => {
        const { rows } = await database.knex.raw(
          'select from pg_stat_activity where usename = ? and cardinality(pg_blocking_pids(pid)) > 0',
          [app.role],
        )
        return rows.length === 1
      })
      await first.query(ending === 'commits' ? 'commit' : 'rollback')
      expect((await theirs).rows[0]?.id === mine).toBe(isSame)
    } finally {
      await first.end()
      await second.end()
    }
  })
})
