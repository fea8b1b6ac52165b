import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { migrateQueueSchema } from '../../src/queue/postgres-backend.ts'
import { type SqlWorld, startSqlWorld } from './sql-world.ts'

let world: SqlWorld
let database: SqlWorld['database']
let app: SqlWorld['app']
beforeAll(async () => {
  world = await startSqlWorld()
  ;({ database, app } = world)
  await migrateQueueSchema(world.url)
})
afterAll(async () => {
  await world.close()
})

/** What the role may do, as Postgres sees it: every relation of the database that is not Postgres's own. */
async function granted(): Promise<string[]> {
  const { rows } = await database.knex.raw(
    `select n.nspname || '.' || c.relname || ' ' || p.privilege as what
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     cross join unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) as p(privilege)
     where c.relkind in ('r', 'p', 'v', 'm', 'f') and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
       and has_table_privilege(?, c.oid, p.privilege)`,
    [app.role],
  )
  return rows.map(({ what }: { what: string }) => what)
}

describe('a role that is only a member of hbnb_enqueuer', () => {
  it('may read one view and touch no table', async () => {
    expect(await granted()).toEqual(['hbnb_jobs.job_status SELECT'])
  })

  it('is really refused by a table', async () => {
    for (const sql of [
      'select * from hbnb_jobs.jobs',
      'select * from hbnb_jobs.jobs_default',
      'delete from hbnb_jobs.job_live',
      `insert into hbnb_jobs.job_types (name, about, version, open, required) values ('x', 'y', 1, true, '{}')`,
      'select * from platform.users',
    ]) {
      await expect(app.client.query(sql)).rejects.toMatchObject({ code: '42501' })
    }
  })

  it('may execute three functions', async () => {
    const { rows } = await database.knex.raw(
      `select p.proname as name, has_function_privilege(?, p.oid, 'EXECUTE') as may from pg_proc p
       where p.pronamespace = 'hbnb_jobs'::regnamespace order by p.proname`,
      [app.role],
    )
    const may = rows.filter((row: { may: boolean }) => row.may).map(({ name }: { name: string }) => name)
    expect(may).toEqual(['cancel', 'enqueue', 'enqueue_many'])
    expect(rows.length).toBeGreaterThan(may.length)
  })

  it('may create nothing of ours', async () => {
    await expect(app.client.query('create table hbnb_jobs.mine ()')).rejects.toMatchObject({ code: '42501' })
  })

  it('cannot put its own objects in the place of ours', async () => {
    await app.client.query(`
      create function pg_temp.now() returns timestamptz language sql as $$ select '2001-01-01'::timestamptz $$;
      create function pg_temp.gen_random_uuid() returns uuid language sql as $$ select null::uuid $$;
      create temp table jobs (id uuid); create temp table job_types (name text);
      set search_path = pg_temp, pg_catalog`)
    const id = await app.value(`select hbnb_jobs.enqueue('sql-test.plain', '{"booking_id": "1"}')`)
    const row = await database
      .knex('hbnb_jobs.jobs')
      .where({ id: String(id) })
      .first('run_at')
    expect(row.run_at.getTime()).toBeGreaterThan(Date.now() - 60_000)
  })
})

describe('everybody else', () => {
  it('may do nothing at all in the schema', async () => {
    const { rows } = await database.knex.raw(`
      select p.proname from pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
      where p.pronamespace = 'hbnb_jobs'::regnamespace and a.grantee = 0`)
    expect(rows).toEqual([])
  })

  it('finds every door with a fixed search_path', async () => {
    const { rows } = await database.knex.raw(`
      select proname from pg_proc where pronamespace = 'hbnb_jobs'::regnamespace and prosecdef
        and not coalesce(proconfig::text, '') like '%search_path=pg_catalog, pg_temp%'`)
    expect(rows).toEqual([])
  })
})
