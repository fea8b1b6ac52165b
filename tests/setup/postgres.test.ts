import { once } from 'node:events'
import { chmodSync, existsSync, lstatSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { Client } from 'pg'
import { expect, onTestFinished, test, vi } from 'vitest'
import { type EmbeddedPostgres, startPostgres } from '../../src/setup/postgres.ts'
import { holdServers, isAlive, testFolder, untilGone } from './processes-of-test.ts'

/** Where data may be kept: the folder around it is open, as a project's usually is. */
function dataFolder(): string {
  const folder = testFolder()
  chmodSync(folder, 0o755)
  return join(folder, '.data', 'postgres')
}

async function start(dataDir?: string): Promise<EmbeddedPostgres> {
  const postgres = await startPostgres(dataDir === undefined ? {} : { dataDir, fsync: false })
  onTestFinished(() => postgres.stop())
  return postgres
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query<unknown[]>({ text: sql, rowMode: 'array' })
    return rows.flat()
  } finally {
    await client.end()
  }
}

test('data is kept between two starts, and through a restart at the same address', async () => {
  const dataDir = dataFolder()
  const first = await start(dataDir)
  await query(first.url, 'CREATE TABLE kept AS SELECT 1 AS id')
  const pid = first.pid
  await first.restart()
  expect(first.pid).not.toBe(pid)
  expect(await query(first.url, 'SELECT id FROM kept')).toEqual([1])
  await first.stop()
  const second = await start(dataDir)
  expect(await query(second.url, 'SELECT id FROM kept')).toEqual([1])
})

test('kept data waits for the disk, throw-away data does not and is removed', async () => {
  const kept = await startPostgres({ dataDir: dataFolder(), maxConnections: 20 })
  onTestFinished(() => kept.stop())
  expect(await query(kept.url, "SELECT current_setting('fsync'), current_setting('max_connections')")).toEqual([
    'on',
    '20',
  ])
  const throwAway = await start()
  const [fsync, folder] = await query(
    throwAway.url,
    "SELECT current_setting('fsync'), current_setting('data_directory')",
  )
  expect(fsync).toBe('off')
  await throwAway.stop()
  expect(existsSync(String(folder))).toBe(false)
})

test('a killed server leaves its lock file and starts again', async () => {
  const dataDir = dataFolder()
  const killed = await start(dataDir)
  await query(killed.url, 'CREATE TABLE kept AS SELECT 1 AS id')
  await killed.kill()
  expect(existsSync(join(dataDir, 'cluster', 'postmaster.pid'))).toBe(true)
  const again = await start(dataDir)
  expect(await query(again.url, 'SELECT id FROM kept')).toEqual([1])
})

test('a lock file whose pid now belongs to something else does not stop a start', async () => {
  const dataDir = dataFolder()
  const killed = await start(dataDir)
  const data = join(dataDir, 'cluster')
  await killed.kill()
  const lockFile = join(data, 'postmaster.pid')
  const lines = readFileSync(lockFile, 'utf8').split('\n')
  writeFileSync(lockFile, [String(process.pid), ...lines.slice(1)].join('\n'))
  const again = await start(dataDir)
  expect(isAlive(again.pid)).toBe(true)
})

test('a second start on the same data is refused by name, and does not disturb the first', async () => {
  const dataDir = dataFolder()
  const first = await start(dataDir)
  await expect(startPostgres({ dataDir })).rejects.toThrow(`is in use by process ${first.pid}`)
  expect(await query(first.url, 'SELECT 1')).toEqual([1])
})

test('two first starts at once make one cluster, and one of them is refused', async () => {
  const dataDir = dataFolder()
  const results = await Promise.allSettled([1, 2].map(() => startPostgres({ dataDir, fsync: false })))
  const started = results.filter(result => result.status === 'fulfilled')
  onTestFinished(() => started[0]?.value.stop())
  expect(results.map(result => result.status).toSorted()).toEqual(['fulfilled', 'rejected'])
})

test('a port that is taken is an error that says so', async () => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  onTestFinished(() => void taken.close())
  const address = taken.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  await expect(startPostgres({ port: address.port })).rejects.toThrow('Address already in use')
})

test('nobody connects without the password of the url', async () => {
  const { url } = await start()
  const guess = new URL(url)
  guess.password = 'hbnb'
  await expect(query(guess.href, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' })
})

test('the server ends with a parent that is killed, and its data opens again', async () => {
  const dataDir = dataFolder()
  const { holder, held } = await holdServers([`postgres:${dataDir}`])
  const { pid = 0 } = held[0] ?? {}
  expect(isAlive(pid)).toBe(true)
  holder.kill('SIGKILL')
  const again = await start(dataDir)
  await untilGone(pid)
  expect(await query(again.url, 'SELECT 1')).toEqual([1])
})

test('throw-away data goes with a parent that is killed', async () => {
  const { holder, held } = await holdServers(['postgres:'])
  const { pid = 0, url = '' } = held[0] ?? {}
  const folder = dirname(String((await query(url, "SELECT current_setting('data_directory')"))[0]))
  expect(existsSync(folder)).toBe(true)
  holder.kill('SIGKILL')
  await untilGone(pid)
  await vi.waitUntil(() => !existsSync(folder), { timeout: 15_000, interval: 20 })
})

test.runIf(process.getuid?.() === 0)("in root's closed folder the data lives elsewhere, behind a link", async () => {
  const dataDir = join(testFolder(), '.data', 'postgres')
  const first = await start(dataDir)
  const [folder] = await query(first.url, "SELECT current_setting('data_directory')")
  onTestFinished(() => rmSync(join(String(folder), '..'), { recursive: true, force: true }))
  await query(first.url, 'CREATE TABLE kept AS SELECT 1 AS id')
  await first.stop()
  expect(lstatSync(dataDir).isSymbolicLink()).toBe(true)
  const second = await start(dataDir)
  expect(await query(second.url, 'SELECT id FROM kept')).toEqual([1])
  await second.stop()
  rmSync(dataDir)
  const third = await start(dataDir)
  await expect(query(third.url, 'SELECT id FROM kept')).rejects.toMatchObject({ code: '42P01' })
})
