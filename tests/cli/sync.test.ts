import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startIntake, type TestIntake, testKey } from '../support/intake.ts'
import { openSync, userLine } from '../support/send-sync.ts'
import { until } from '../support/until.ts'
import { type CommandLine, commandLine } from './command-line.ts'

let intake: TestIntake
let folder: string
let jobs: CommandLine

beforeAll(async () => {
  intake = await startIntake({ LOG_LEVEL: 'silent' })
  folder = await mkdtemp(join(tmpdir(), 'hbnb-sync-'))
  const env = { HBNB_JOBS_URL: intake.url, HBNB_JOBS_KEY: testKey }
  jobs = commandLine(intake.config.database.url, { env })
})
afterAll(async () => {
  await intake.close()
  await rm(folder, { recursive: true })
})

async function fileOf(lines: readonly string[]): Promise<string> {
  const path = join(folder, 'users.ndjson')
  await writeFile(path, lines.map(line => `${line}\n`).join(''))
  return path
}

test('a file is sent, each bad line told, and its progress shown', async () => {
  const lines = Array.from({ length: 12_000 }, (_none, at) => userLine(at + 1))
  lines[41] = '{"kind":"user","id":"42","version":1}'
  const ran = await jobs('sync', 'from-cli', await fileOf(lines))
  expect(ran).toMatchObject({ code: 1, complaint: expect.stringContaining('1 lines were refused') })
  expect(ran.out).toBe(
    'line 42: The entity is not valid; /first_name this field is required\n' +
      'from-cli: 12000 lines, 11999 stored, 0 unchanged, 0 outdated, 1 refused\n',
  )
  expect(ran.progress.some(line => /^from-cli: \d+ lines/.test(line))).toBe(true)
  expect((await jobs('syncs')).out).toMatch(/from-cli +done +12000 +11999/)
  expect((await jobs('syncs', 'show', 'from-cli')).out).toContain('line 42: ')
})

test('it goes on where a cut one stopped, and waits for one that still runs', async () => {
  const lines = Array.from({ length: 50 }, (_none, at) => userLine(at + 1, { version: 7 }))
  const stream = await openSync(intake.url, 'goes-on')
  stream.write(`${lines.slice(0, 20).join('\n')}\n`)
  await until('what came', async () => (await intake.send('GET', '/v1/sync/goes-on')).json['lines'] === 20)
  const running = jobs('sync', 'goes-on', await fileOf(lines), '--json')
  await until('the refusal of the second', () => intake.logged().includes('409'))
  stream.socket.destroy()
  const { code, out } = await running
  expect({ code, sum: JSON.parse(out) as unknown }).toMatchObject({ code: 0, sum: { lines: 50, stored: 50 } })
}, 40_000)

test('what is wrong with the call is said before anything is sent', async () => {
  expect(await jobs('sync', 'A_b', 'x')).toMatchObject({ code: 2 })
  expect(await jobs('sync', 'a', join(folder, 'none'))).toMatchObject({
    code: 1,
    complaint: expect.stringContaining('cannot be read'),
  })
  const keyless = commandLine(intake.config.database.url)
  expect((await keyless('sync', 'a', await fileOf([]))).complaint).toContain('HBNB_JOBS_KEY')
  const strange = commandLine(intake.config.database.url, { env: { HBNB_JOBS_URL: intake.url, HBNB_JOBS_KEY: 'none' } })
  expect((await strange('sync', 'a', await fileOf([]))).complaint).toContain('The API key is not known')
})
