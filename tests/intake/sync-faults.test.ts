import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { connectDatabase, type Database } from '../../src/db/connect.ts'
import { createTestDatabase } from '../setup/database.ts'
import { startIntake, testKey } from '../support/intake.ts'
import { startProxy } from '../support/proxy.ts'
import { openSync, sendSync, userLine } from '../support/send-sync.ts'
import { until } from '../support/until.ts'

const main = join(import.meta.dirname, '../../src/intake/main.ts')
const lineCount = 20_000
/** Half of the old space is the process itself, and 100,000 of these users would take more than the rest. */
const smallHeap = ['--max-old-space-size=128', '--min-semi-space-size=16', '--max-semi-space-size=16']

afterEach(() => {
  vi.restoreAllMocks()
})

const users = (count: number) => Array.from({ length: count }, (_none, at) => userLine(at + 1))

async function storedIn({ knex }: Database): Promise<number> {
  const [row] = await knex('platform.users').count<{ count: string }[]>('* as count')
  return Number(row?.count)
}

const rowOf = ({ knex }: Database, name: string) =>
  knex('hbnb_jobs.syncs').where({ name }).first<{ state: string; lines: string; stored: string } | undefined>()

const committed = (database: Database, name: string) => async () => Number((await rowOf(database, name))?.lines ?? 0)

/** An intake of its own process, on a database of the test's own. */
async function withProcess(
  node: readonly string[],
  use: (given: {
    readonly url: string
    readonly database: Database
    readonly child: ChildProcess
    readonly startAnother: () => Promise<string>
  }) => Promise<void>,
): Promise<void> {
  const own = await createTestDatabase()
  const database = connectDatabase(own.url, { poolMax: 2 })
  const children: ChildProcess[] = []
  async function start(): Promise<{ readonly url: string; readonly child: ChildProcess }> {
    const env = { NODE_ENV: 'test', DATABASE_URL: own.url, PORT: '0', API_KEYS_BOOTSTRAP: testKey }
    const child = spawn(process.execPath, [...node, main], {
      env: { PATH: process.env['PATH'] ?? '', ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    children.push(child)
    for await (const line of createInterface(child.stdout)) {
      const { msg, url } = z.looseObject({ msg: z.string(), url: z.string().optional() }).parse(JSON.parse(line))
      if (msg === 'listening' && url !== undefined) return { url, child }
    }
    throw new Error('the intake did not begin to listen')
  }
  try {
    const { url, child } = await start()
    await use({ url, database, child, startAnother: async () => (await start()).url })
  } finally {
    for (const child of children.filter(one => one.exitCode === null && one.signalCode === null)) {
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
    await database.close()
    await own.drop()
  }
}

test('killed in the middle, what is counted is what is stored, and another process goes on', async () => {
  await withProcess([], async ({ url, database, child, startAnother }) => {
    const lines = users(lineCount)
    const sent = sendSync(url, 'killed', lines).catch(() => 'cut')
    await until('some lines', async () => (await committed(database, 'killed')()) > 2_000)
    child.kill('SIGKILL')
    await sent
    const before = await rowOf(database, 'killed')
    expect(before).toMatchObject({ state: 'running' })
    expect(Number(before?.stored)).toBe(await storedIn(database))
    expect(Number(before?.lines)).toBe(Number(before?.stored))
    expect(Number(before?.lines)).toBeLessThan(lineCount)

    const another = await startAnother()
    const early = await fetch(`${another}/v1/sync?name=killed`, {
      method: 'POST',
      headers: { authorization: `Bearer ${testKey}`, 'content-type': 'application/x-ndjson' },
      body: '',
    })
    expect(early.status).toBe(409)
    // The lease of the dead, over at once.
    await database.knex('hbnb_jobs.syncs').update({ held_until: new Date(0) })
    const answers = await sendSync(another, 'killed', lines)
    expect(answers[0]).toEqual({ resumed_after_line: Number(before?.lines) })
    expect(answers.at(-1)).toMatchObject({ done: true, lines: lineCount, stored: lineCount, unchanged: 0 })
    expect(await storedIn(database)).toBe(lineCount)
  })
}, 60_000)

test('a process that stops says so to a caller that pauses, and the sync is free at once', async () => {
  await withProcess([], async ({ url, database, child }) => {
    const stream = await openSync(url, 'stopped')
    stream.write(`${users(10).join('\n')}\n`)
    await until('its lines', async () => (await committed(database, 'stopped')()) === 10)
    child.kill('SIGTERM')
    await until('its end', () => stream.heard().includes('/problems/sync-interrupted'))
    expect(stream.heard()).toContain('"done":false,"lines":10,"stored":10')
    expect(await rowOf(database, 'stopped')).toMatchObject({ state: 'cut' })
    stream.socket.destroy()
    await once(child, 'exit')
  })
}, 60_000)

test('100,000 users in one stream need no more than a small heap', async () => {
  await withProcess(smallHeap, async ({ url, database }) => {
    const fields = { last_name: 'B'.repeat(100), email: `a@${'example.'.repeat(30)}test`, phone: '0'.repeat(40) }
    const lines = Array.from({ length: 100_000 }, (_none, at) =>
      userLine(at + 1, { ...fields, first_name: `${at}`.padEnd(100, 'A'), zone: 'Europe/Paris' }),
    )
    const answers = await sendSync(url, 'many', lines)
    expect(answers.at(-1)).toMatchObject({ done: true, lines: 100_000, stored: 100_000 })
    expect(await storedIn(database)).toBe(100_000)
  })
}, 180_000)

test('when the database goes away the stream ends with a problem, and goes on when it is back', async () => {
  // knex tells the console of every connection it could not make.
  vi.spyOn(console, 'log').mockImplementation(() => {})
  const own = await createTestDatabase()
  const database = connectDatabase(own.url, { poolMax: 1 })
  const proxy = await startProxy(own.url)
  const intake = await startIntake({ DATABASE_URL: proxy.url })
  try {
    const lines = users(lineCount)
    const sent = sendSync(intake.url, 'away', lines)
    await until('some lines', async () => (await committed(database, 'away')()) > 2_000)
    proxy.cut()
    const told = (await sent).at(-1)
    expect(told).toMatchObject({ done: false, problem: { type: '/problems/database-away', status: 503 } })
    proxy.restore()

    await until('that it is let go', async () => (await rowOf(database, 'away'))?.state === 'cut')
    const before = await rowOf(database, 'away')
    expect(Number(before?.lines)).toBe(await storedIn(database))
    const answers = await sendSync(intake.url, 'away', lines)
    expect(answers[0]).toEqual({ resumed_after_line: Number(before?.lines) })
    expect(answers.at(-1)).toMatchObject({ done: true, lines: lineCount, stored: lineCount })
    expect(await storedIn(database)).toBe(lineCount)
  } finally {
    await intake.close()
    await proxy.close()
    await database.close()
    await own.drop()
  }
}, 60_000)

test('a batch that waits for a writer who waits for it is written again', async () => {
  const intake = await startIntake()
  const { knex } = intake.database
  try {
    await sendSync(intake.url, 'first', users(2))
    const other = await knex.transaction()
    const lock = (id: string) => other('platform.versions').where({ kind: 'user', id }).update({ told_at: new Date() })
    await lock('2')
    const sent = sendSync(intake.url, 'second', [userLine(1, { version: 2 }), userLine(2, { version: 2 })])
    const waiting = knex('pg_stat_activity').where({ wait_event_type: 'Lock' }).whereRaw('datname = current_database()')
    await until('the batch to wait', async () => (await waiting.clone().first('pid')) !== undefined)
    await lock('1')
    await other.commit()
    expect((await sent).at(-1)).toMatchObject({ done: true, stored: 2 })
  } finally {
    await intake.close()
  }
}, 60_000)

test('entities that are read from a view of the platform are refused, and the others stored', async () => {
  const intake = await startIntake()
  try {
    await intake.database.knex.raw(`
      alter table platform.amenities rename to amenities_of_the_app;
      create view platform.amenities as select * from platform.amenities_of_the_app`)
    const amenity = JSON.stringify({ kind: 'amenity', id: 'wifi', version: 1, name_fr: 'Wifi', name_en: 'Wifi' })
    expect(await sendSync(intake.url, 'view', [userLine(1), amenity, userLine(2)])).toMatchObject([
      { line: 2, status: 'refused', problem: { type: '/problems/mirror-is-a-view', status: 409 } },
      { done: true, stored: 2, refused: 1 },
    ])
  } finally {
    await intake.close()
  }
})

test('a caller that does not read is waited for, and costs little memory', async () => {
  const intake = await startIntake()
  try {
    // Each of these is answered with 2 KB.
    const bad = JSON.stringify(Object.fromEntries(Array.from({ length: 20 }, (_none, at) => [`unknown_${at}`, 1])))
    const stream = await openSync(intake.url, 'deaf')
    stream.socket.pause()
    stream.write(`${bad}\n`.repeat(20_000))
    stream.end()
    const state = async () => (await intake.send('GET', '/v1/sync/deaf')).json
    await until('the answers to fill up', async () => Number((await state())['lines']) > 500)
    let before = -1
    await until('that it waits', async () => {
      const { lines } = await state()
      const isSame = lines === before
      before = Number(lines)
      return isSame
    })
    expect(before).toBeLessThan(20_000)
    stream.forget()
    let end = ''
    stream.socket.on('data', chunk => {
      end = (end + String(chunk)).slice(-1_000)
    })
    stream.socket.resume()
    await until('the sum', () => end.includes('"done":true,"lines":20000,"stored":0'), 40_000)
    stream.socket.destroy()
  } finally {
    await intake.close()
  }
}, 60_000)
