import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { loadCatalog } from '../../queues/catalog.ts'
import { examine } from '../../src/cli/doctor/examine.ts'
import { loadConfig } from '../../src/config/load.ts'
import { release } from '../../src/db/release.ts'
import { findRedis } from '../../src/setup/redis-binary.ts'
import { type LocalRedis, startRedis } from '../../src/setup/redis.ts'
import { soundProduction } from '../config/environments.ts'
import { openCliWorld } from './cli-world.ts'
import { commandLine } from './command-line.ts'
import { faultsIn } from './planted-faults.ts'

const report = z.object({
  ok: z.boolean(),
  findings: z.array(z.object({ check: z.string(), severity: z.string(), what: z.string(), cure: z.string() })),
})

const { url, database } = await openCliWorld()

beforeAll(async () => {
  await release(await loadCatalog(), { databaseUrl: url, queueUrl: url, queueKind: 'postgres' })
  // Heartbeats ahead of time, so that they are fresh however slow the machine is.
  await database.knex.raw(
    `insert into hbnb_jobs.processes (kind, host, pid, beat_at)
     select kind, 'h1', 1, now() + interval '1 hour' from unnest(array['relay', 'worker', 'intake']) as kind`,
  )
})

async function examined(env: Record<string, string> = {}) {
  const { code, out } = await commandLine(url, { env })('doctor', '--json')
  return { code, ...report.parse(JSON.parse(out)) }
}

const sql = (text: string) => database.knex.raw(text)

test('a healthy system has no findings', async () => {
  expect(await examined()).toEqual({ code: 0, ok: true, findings: [] })
  expect((await commandLine(url)('doctor')).out).toBe('All is well.\n')
})

const faults = faultsIn(
  () => database,
  (...args) => commandLine(url)(...args),
)

function planted(name: string) {
  return faults[name] ?? expect.unreachable(name)
}

test.each(Object.keys(faults))('%s: found, with its cure, and gone when it is mended', async name => {
  const { check, plant, mend, what, cure } = planted(name)
  await plant()
  const { code, ok, findings } = await examined()
  // Mended first, so that what is found wrong here is not found by all that follow.
  await mend()
  const [found] = findings
  expect(findings).toHaveLength(1)
  expect(found).toMatchObject({ check, what: expect.stringMatching(what), cure: expect.stringContaining(cure) })
  expect([code, ok]).toEqual(found?.severity === 'bad' ? [1, false] : [0, true])
  expect((await examined()).findings).toEqual([])
})

test('people read the fault and, below, its cure', async () => {
  await planted('no relay').plant()
  const { code, out, complaint } = await commandLine(url)('doctor')
  expect([code, complaint]).toEqual([1, '1 fault(s), 0 warning(s).\n'])
  expect(out).toMatch(/^BAD {2}processes: no relay is alive.*\n {6}cure: npm run relay\n$/)
  await planted('no relay').mend()
})

test('a faulty configuration is told variable by variable', async () => {
  const { code, findings } = await examined({ PORT: '99999', QUEUE_URL: 'ftp://x' })
  expect([code, findings.map(({ check, cure }) => [check, cure.split(',')[0]])]).toEqual([
    1,
    [
      ['configuration', 'set QUEUE_URL'],
      ['configuration', 'set PORT'],
    ],
  ])
})

test('Postgres that is away', async () => {
  const { code, findings } = await examined({ DATABASE_URL: 'postgres://hbnb@127.0.0.1:1/none' })
  expect([code, findings.map(({ check }) => check)]).toEqual([1, ['postgres']])
  expect(findings[0]?.cure).toContain('DATABASE_URL')
})

test('a database that was never migrated', async () => {
  const bare = new URL(url)
  bare.pathname = '/postgres'
  const { findings } = await examined({ DATABASE_URL: bare.href })
  expect(findings).toEqual([expect.objectContaining({ check: 'migrations', cure: 'npm run migrate' })])
})

test('commits that a crash would lose, in production', async () => {
  const { pathname } = new URL(url)
  await sql(`alter database ${pathname.slice(1)} set synchronous_commit = off`)
  const { findings } = await examined({ ...soundProduction, DATABASE_URL: url, QUEUE_URL: url })
  expect(findings.filter(({ check }) => check === 'postgres')).toContainEqual(
    expect.objectContaining({
      what: expect.stringContaining('synchronous_commit is off'),
      cure: expect.stringContaining('synchronous_commit = on'),
    }),
  )
  await sql(`alter database ${pathname.slice(1)} reset synchronous_commit`)
})

test('clocks that differ', async () => {
  const parts = { run: database.run, knex: database.knex, catalog: await loadCatalog() }
  const config = loadConfig({ NODE_ENV: 'test', DATABASE_URL: url })
  const findings = await examine({ ...parts, config, now: () => Date.now() - 60_000 })
  expect(findings).toEqual([
    expect.objectContaining({
      check: 'clock',
      severity: 'bad',
      what: expect.stringMatching(/clock of Postgres is .* ahead of/),
      cure: expect.stringContaining('NTP'),
    }),
  ])
})

const noRedis = 'missing' in (await findRedis())

describe.skipIf(noRedis)('Redis', () => {
  let redis: LocalRedis
  beforeAll(async () => {
    redis = await startRedis()
  })
  afterAll(() => redis.stop())

  test('that may evict jobs', async () => {
    expect((await examined({ QUEUE_URL: redis.url })).findings).toEqual([])
    const client = new Redis(redis.url)
    await client.config('SET', 'maxmemory-policy', 'allkeys-lru')
    const { code, findings } = await examined({ QUEUE_URL: redis.url })
    expect([code, findings]).toEqual([
      1,
      [
        expect.objectContaining({
          check: 'redis',
          what: expect.stringContaining('allkeys-lru'),
          cure: expect.stringContaining('noeviction'),
        }),
      ],
    ])
    await client.config('SET', 'maxmemory-policy', 'noeviction')
    client.disconnect()
  })

  test('that is away', async () => {
    const { code, findings } = await examined({ QUEUE_URL: 'redis://127.0.0.1:1' })
    expect([code, findings.map(({ check }) => check)]).toEqual([1, ['redis']])
    expect(findings[0]?.cure).toContain('QUEUE_URL')
  })
})

test('weeks without partitions', async () => {
  const { rows } = await database.knex.raw<{ rows: { name: string }[] }>(
    `select inhrelid::regclass::text as name from pg_inherits where inhparent = 'hbnb_jobs.jobs'::regclass and inhrelid::regclass::text like '%_p20%'`,
  )
  for (const { name } of rows) await sql(`alter table hbnb_jobs.jobs detach partition ${name}`)
  const { findings } = await examined()
  expect(findings).toEqual([
    expect.objectContaining({ check: 'partitions', cure: expect.stringContaining('npm run migrate') }),
  ])
})
