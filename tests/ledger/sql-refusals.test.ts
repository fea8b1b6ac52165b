import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadCatalog } from '../../queues/catalog.ts'
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

const nested = (levels: number) => `{"booking_id": "1", "deep": ${'['.repeat(levels)}${']'.repeat(levels)}}`
const sized = (bytes: number) => `{"booking_id": "${'x'.repeat(bytes - '{"booking_id": ""}'.length)}"}`
const good = '{"booking_id": "1"}'

async function enqueueStrict(payload: string): Promise<unknown> {
  return await app.value(`select hbnb_jobs.enqueue('sql-test.strict', $1::jsonb)`, [payload])
}

async function stored(): Promise<unknown> {
  const { rows } = await database.knex.raw(`
    select (select count(*)::int from hbnb_jobs.jobs) as jobs, (select count(*)::int from hbnb_jobs.job_live) as live,
           (select count(*)::int from hbnb_jobs.idempotency_keys) as keys`)
  return rows[0]
}

describe('enqueue() refuses, says what to do, and stores nothing', () => {
  it.each([
    ['an unknown name', 'JB001', 'sql-test.nothing', good, ''],
    ['no name', 'JB001', null, good, ''],
    ['a closed name', 'JB002', 'sql-test.closed', good, ''],
    ['no payload', 'JB003', 'sql-test.plain', null, ''],
    ['an array', 'JB003', 'sql-test.plain', '[1]', ''],
    ['a text', 'JB003', 'sql-test.plain', '"{}"', ''],
    ['JSON null', 'JB003', 'sql-test.plain', 'null', ''],
    ['a missing field', 'JB003', 'sql-test.plain', '{"booking": "1"}', ''],
    ['a payload over 64 KiB', 'JB003', 'sql-test.plain', sized(65_537), ''],
    ['33 levels', 'JB003', 'sql-test.plain', nested(32), ''],
    ['priority 0', 'JB005', 'sql-test.plain', good, ', priority => 0'],
    ['priority 10', 'JB005', 'sql-test.plain', good, ', priority => 10'],
    ['a time beyond plans', 'JB005', 'sql-test.plain', good, `, run_at => now() + interval '3 years'`],
    ['no time at all', 'JB005', 'sql-test.plain', good, `, run_at => '-infinity'`],
    ['an expiry before the start', 'JB005', 'sql-test.plain', good, `, expires_at => now() - interval '1 second'`],
    ['an entity without a kind', 'JB005', 'sql-test.plain', good, `, entity => '42'`],
    ['an entity with a line break', 'JB005', 'sql-test.plain', good, `, entity => E'booking:4\\n2'`],
    ['an empty key', 'JB005', 'sql-test.plain', good, `, key => ''`],
    ['a key with spaces', 'JB005', 'sql-test.plain', good, `, key => 'a b'`],
    ['eleven tags', 'JB005', 'sql-test.plain', good, `, tags => array_fill('t'::text, array[11])`],
    ['a tag that is nothing', 'JB005', 'sql-test.plain', good, `, tags => array['a', null]`],
    ['a tag with spaces', 'JB005', 'sql-test.plain', good, `, tags => array['a b']`],
    ['tags of tags', 'JB005', 'sql-test.plain', good, `, tags => array[array['a'], array['b']]`],
  ])('%s', async (_, code, name, payload, options) => {
    const before = await stored()
    const call = app.value(`select hbnb_jobs.enqueue($1, $2::jsonb${options})`, [name, payload])
    await expect(call).rejects.toMatchObject({ code, hint: expect.stringMatching(/\w{3}/) })
    expect(await stored()).toEqual(before)
  })

  it.each([
    ['64 KiB', sized(65_536)],
    ['32 levels', nested(31)],
  ])('but takes %s', async (_, payload) => {
    await expect(app.value(`select hbnb_jobs.enqueue('sql-test.plain', $1::jsonb)`, [payload])).resolves.toBeTypeOf(
      'string',
    )
  })

  it('names the jobs there are', async () => {
    await expect(app.value(`select hbnb_jobs.enqueue('sql-test.plian', '{}')`)).rejects.toMatchObject({
      message: `there is no job 'sql-test.plian'`,
      hint: 'Jobs that may be made by SQL: sql-test.keyed, sql-test.plain.',
    })
  })

  it('a tenant that is none', async () => {
    await app.client.query(`begin; set local hbnb_jobs.tenant = 'a b'`)
    const call = app.value(`select hbnb_jobs.enqueue('sql-test.plain', '{"booking_id": "1"}')`)
    await expect(call).rejects.toMatchObject({ code: 'JB005' })
    await app.client.query('rollback')
  })

  it('fields its type does not have and payloads larger than its type takes, where the type says', async () => {
    await database.knex.raw(`
      insert into hbnb_jobs.job_types (name, about, version, open, required, fields, max_payload_bytes)
      values ('sql-test.strict', 'A strict one.', 1, true, '{booking_id}', '{amount,booking_id}', 100)`)
    await expect(enqueueStrict('{"booking_id": "1", "amuont": 5}')).rejects.toMatchObject({
      code: 'JB003',
      message: 'sql-test.strict does not know amuont',
      hint: 'Fields of sql-test.strict: amount, booking_id.',
    })
    await expect(enqueueStrict(sized(101))).rejects.toMatchObject({ code: 'JB003' })
    await expect(enqueueStrict('{"booking_id": "1", "amount": 5}')).resolves.toBeTypeOf('string')
    await expect(enqueueStrict(sized(100))).resolves.toBeTypeOf('string')
  })
})

describe('every contract', () => {
  it('has only required fields in its keys: SQL knows no defaults', async () => {
    const strays = [...(await loadCatalog()).values()].flatMap(({ name, payload, unique, perKey }) => {
      const fields = [...(unique === 'none' ? [] : unique.by), ...(perKey === 'none' ? [] : perKey.by)]
      return fields.filter(field => payload.shape[field]?.safeParse(undefined).success ?? true).map(f => `${name}.${f}`)
    })
    expect(strays).toEqual([])
  })
})
