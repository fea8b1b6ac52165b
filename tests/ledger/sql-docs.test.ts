import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadCatalog } from '../../queues/catalog.ts'
import { declareJobTypes } from '../../src/ledger/job-types.ts'
import { type SqlWorld, startSqlWorld } from './sql-world.ts'

const text = await readFile(join(import.meta.dirname, '../../docs/sql.md'), 'utf8')
const blocks = [...text.matchAll(/^```(?<language>\w+)\n(?<code>[\s\S]*?)^```$/gm)].map(({ groups }) => ({
  language: groups?.['language'] ?? '',
  code: groups?.['code'] ?? '',
}))

/** The SQL inside a Python or JavaScript snippet, and its `:name` parameters as `$1 …`. */
function embedded(code: string): { sql: string; values: unknown[] } {
  const sql = /text\("""(?<sql>[\s\S]*?)"""\)|raw\(\s*`(?<raw>[\s\S]*?)`/.exec(code)?.groups
  const given: Record<string, string> = {
    payload: '{"user_id": "u-7", "template": "booking-confirmation", "booking_id": "44"}',
    key: 'booking-44-confirmed',
    entity: 'booking:44',
  }
  const values: unknown[] = []
  const positional = (sql?.['sql'] ?? sql?.['raw'] ?? '').replace(/:(\w+)/g, (_, name: string) => {
    if (given[name] === undefined) throw new Error(`the snippet has an unknown parameter ${name}`)
    return `$${values.push(given[name])}`
  })
  return { sql: positional, values }
}

let world: SqlWorld
beforeAll(async () => {
  world = await startSqlWorld()
  await declareJobTypes(world.database.run, await loadCatalog())
  await world.app.client.query(`create temp table bookings as select '42' as id, 'pending' as status`)
})
afterAll(async () => {
  // What the page grants by hand would keep the role from being removed.
  await world.database.knex.raw(`drop owned by ${world.app.role}`)
  await world.close()
})

async function jobCount(): Promise<number> {
  const { rows } = await world.database.knex.raw('select count(*)::int as jobs from hbnb_jobs.jobs')
  return rows[0].jobs
}

describe('docs/sql.md', () => {
  it('has the snippets this test looks for', () => {
    expect(blocks.map(({ language }) => language)).toEqual(['sql', 'sql', 'sql', 'sql', 'sql', 'python', 'js'])
  })

  it.each(blocks.filter(({ language }) => language === 'sql').map(({ code }) => [code]))('works: %s', async code => {
    if (code.startsWith('-- as the owner')) {
      await world.database.knex.raw(code.replaceAll('webapp', world.app.role))
    } else {
      const before = await jobCount()
      await world.app.client.query(code)
      if (code.includes('enqueue')) expect(await jobCount()).toBeGreaterThan(before)
    }
  })

  it('Python and JavaScript send the same working call', async () => {
    const [python, js] = blocks.filter(({ language }) => language !== 'sql').map(({ code }) => embedded(code))
    if (!python || !js) throw new Error('a snippet is missing')
    const id = await world.app.value(python.sql, python.values)
    expect(id).toMatch(/^[0-9a-f-]{36}$/)
    expect(await world.app.value(js.sql, js.values)).toBe(id)
  })

  it('names every SQLSTATE there is, and no other', async () => {
    const { rows } = await world.database.knex.raw(
      `select distinct m[1] as code from pg_proc, regexp_matches(prosrc, 'JB0[0-9]+', 'g') as m
       where pronamespace = 'hbnb_jobs'::regnamespace order by 1`,
    )
    const documented = new Set([...text.matchAll(/`(JB0\d+)`/g)].map(match => match[1]))
    expect(new Set(rows.map(({ code }: { code: string }) => code))).toEqual(documented)
  })
})
