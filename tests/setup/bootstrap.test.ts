import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { isAlive, testFolder, untilGone } from './processes-of-test.ts'

const BOOTSTRAP = resolve(import.meta.dirname, '../../src/setup/bootstrap.mjs')
const ENTRY = `process.stdout.write(JSON.stringify({ args: process.argv.slice(2), zone: process.env.TZ }) + '\\n'); process.exitCode = 7`
const HANGING = `
process.on('SIGTERM', () => process.exit(9))
setInterval(() => undefined, 60_000)
process.stdout.write(process.pid + '\\n')`

/** A clone of a small project: one dependency, which lies beside it, so that npm needs no network. */
function clone(): string {
  const folder = testFolder()
  const write = (path: string, content: unknown) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), typeof content === 'string' ? content : JSON.stringify(content))
  }
  const root = { name: 'small', version: '1.0.0', dependencies: { beside: 'file:beside' } }
  write('package.json', { ...root, type: 'module' })
  write('beside/package.json', { name: 'beside', version: '1.0.0' })
  write('package-lock.json', {
    ...root,
    lockfileVersion: 3,
    requires: true,
    packages: { '': root, beside: { version: '1.0.0' }, 'node_modules/beside': { resolved: 'beside', link: true } },
  })
  write('entry.ts', ENTRY)
  write('hanging.ts', HANGING)
  mkdirSync(join(folder, 'src', 'setup'), { recursive: true })
  cpSync(BOOTSTRAP, join(folder, 'src', 'setup', 'bootstrap.mjs'))
  return folder
}

function start(folder: string, args: string[], environment: Record<string, string> = {}) {
  const env = { ...process.env, NO_DOWNLOAD: '0', ...environment }
  const child = spawn(process.execPath, [join(folder, 'src/setup/bootstrap.mjs'), ...args], { cwd: '/', env })
  const finished = Promise.all([once(child, 'close'), text(child.stdout), text(child.stderr)])
  return { child, finished: finished.then(([[code], stdout, stderr]) => ({ code: Number(code), stdout, stderr })) }
}

const runEntry = (folder: string, environment: Record<string, string> = {}) =>
  start(folder, ['entry.ts', 'one', '--two'], environment).finished

test('a fresh clone is installed once; the entry gets its arguments, UTC, and gives its exit code', async () => {
  const folder = clone()
  const first = await runEntry(folder)
  expect(first.stderr).toMatch(/^Installing dependencies .* MB: this is a fresh clone\./)
  expect(existsSync(join(folder, 'node_modules', 'beside', 'package.json'))).toBe(true)
  expect(JSON.parse(first.stdout.trim().split('\n').at(-1) ?? '')).toEqual({ args: ['one', '--two'], zone: 'UTC' })
  expect(first.code).toBe(7)
  const second = await runEntry(folder)
  expect(second).toMatchObject({ code: 7, stderr: '' })
})

test('a lock file that has changed is installed, or refused when nothing may be downloaded', async () => {
  const folder = clone()
  await runEntry(folder)
  const lock = join(folder, 'package-lock.json')
  writeFileSync(lock, '\n', { flag: 'a' })
  const later = Date.now() / 1000 + 60
  utimesSync(lock, later, later)
  const refused = await runEntry(folder, { NO_DOWNLOAD: '1' })
  expect(refused).toMatchObject({ code: 1, stdout: '' })
  expect(refused.stderr).toBe(
    'Dependencies must be installed (package-lock.json has changed since the last install), but NO_DOWNLOAD=1 forbids to download. Run "npm ci" where you may, or unset it.\n',
  )
  expect((await runEntry(folder)).stderr).toMatch(/^Installing dependencies/)
  expect((await runEntry(folder, { NO_DOWNLOAD: '1' })).code).toBe(7)
})

test('what npm installed by hand is taken as it is', async () => {
  const folder = clone()
  const npms = join(folder, 'node_modules', '.package-lock.json')
  mkdirSync(dirname(npms))
  writeFileSync(npms, '{}')
  expect(await runEntry(folder)).toMatchObject({ code: 7, stderr: '' })
  utimesSync(npms, 0, 0)
  expect((await runEntry(folder)).stderr).toMatch(/^Installing dependencies/)
})

test('of two at once in a fresh clone one installs and the other waits for it', async () => {
  const folder = clone()
  const both = await Promise.all([runEntry(folder), runEntry(folder)])
  expect(both.map(({ code }) => code)).toEqual([7, 7])
  expect(both.filter(({ stderr }) => /^Installing dependencies/m.test(stderr))).toHaveLength(1)
})

test('a failed install says so and leaves no lock behind', async () => {
  const folder = clone()
  writeFileSync(join(folder, 'package-lock.json'), '{}')
  const failed = await runEntry(folder)
  expect(failed.code).toBe(1)
  expect(failed.stderr).toMatch(/"npm ci" failed with code \d+; its reason is above\.\n$/)
  expect(existsSync(join(folder, '.cache', 'installing'))).toBe(false)
})

test('SIGTERM reaches the entry, whose exit code is kept; nothing stays behind', async () => {
  const folder = clone()
  await runEntry(folder)
  const { child, finished } = start(folder, ['hanging.ts'])
  const [line] = await once(child.stdout, 'data')
  const pid = Number(String(line))
  expect(isAlive(pid)).toBe(true)
  child.kill('SIGTERM')
  expect((await finished).code).toBe(9)
  await untilGone(pid)
})

test('an entry that a signal ends gives 128 and the number of the signal', async () => {
  const folder = clone()
  await runEntry(folder)
  const { child, finished } = start(folder, ['hanging.ts'])
  const [line] = await once(child.stdout, 'data')
  process.kill(Number(String(line)), 'SIGKILL')
  expect((await finished).code).toBe(137)
})
