#!/usr/bin/env node
// What `npm run demo`, `npm test` and the others go through: plain JavaScript that any Node from 20 on can run in a fresh
// clone. It installs what is missing, then hands over to Node 24 and leaves with its exit code.
//   node src/setup/bootstrap.mjs <entry.ts> [arguments]
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { constants } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const PROJECT = fileURLToPath(new URL('../..', import.meta.url))
const MODULES = join(PROJECT, 'node_modules')
const LOCK_FILE = join(PROJECT, 'package-lock.json')
const STAMP = join(MODULES, '.hbnb-installed')
/** npm writes it at the end of an install. */
const NPMS_OWN = join(MODULES, '.package-lock.json')
const INSTALLING = join(PROJECT, '.cache', 'installing')
/** Measured on Linux x64 after `npm ci`; Node 24 itself is 190 of them, PostgreSQL 70. */
const INSTALLED_SIZE_MB = 600
const PROGRESS_EVERY_MS = 5_000
const WAIT_POLL_MS = 500
/** npm goes on for 15 s after a Ctrl-C; what it leaves half made is removed by the next `npm ci`. */
const INTERRUPTED_NPM_MS = 1_000
/** Two files of one install differ by less. */
const ONE_INSTALL_MS = 5_000
const OLDEST_NODE = 24
/** A shell's way to say "ended by signal n": this plus n. */
const FIRST_SIGNAL_CODE = 128

/** @param {string} text */
const say = text => process.stderr.write(`${text}\n`)

/** @param {string} text @returns {never} */
const refuse = text => {
  say(text)
  process.exit(1)
}

const lockHash = () => createHash('sha256').update(readFileSync(LOCK_FILE)).digest('hex')

function isInstalled() {
  if (!existsSync(NPMS_OWN)) return false
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8').trim() === lockHash()) return true
  // Someone ran npm by hand: it writes both files, in either order.
  return statSync(NPMS_OWN).mtimeMs > statSync(LOCK_FILE).mtimeMs - ONE_INSTALL_MS
}

function reasonToInstall() {
  if (!existsSync(MODULES)) return 'this is a fresh clone'
  if (!existsSync(NPMS_OWN)) return 'the last install did not finish'
  return 'package-lock.json has changed since the last install'
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

/**
 * Two commands in two terminals of a fresh clone: one installs, the other waits, since `npm ci` begins by removing
 * everything. The lock is a link to nowhere whose target is our pid: the only file that is made and filled in one step.
 */
async function takeInstallLock() {
  mkdirSync(join(PROJECT, '.cache'), { recursive: true })
  for (let told = false; ; told = true) {
    try {
      symlinkSync(String(process.pid), INSTALLING)
      process.once('exit', () => rmSync(INSTALLING, { force: true }))
      return
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
    const holder = lockHolder()
    if (holder !== undefined && !isAlive(holder)) rmSync(INSTALLING, { force: true })
    else if (!told) say(`Process ${holder} is installing; waiting for it.`)
    await new Promise(wake => setTimeout(wake, WAIT_POLL_MS))
  }
}

function lockHolder() {
  try {
    return Number(readlinkSync(INSTALLING))
  } catch {
    return undefined
  }
}

async function install() {
  const why = reasonToInstall()
  if (process.env.NO_DOWNLOAD === '1') {
    refuse(
      `Dependencies must be installed (${why}), but NO_DOWNLOAD=1 forbids to download. Run "npm ci" where you may, or unset it.`,
    )
  }
  await takeInstallLock()
  if (isInstalled()) return
  say(`Installing dependencies with "npm ci" into node_modules, about ${INSTALLED_SIZE_MB} MB: ${why}.`)
  const started = Date.now()
  const seconds = () => Math.round((Date.now() - started) / 1000)
  const progress = setInterval(() => say(`  still installing, ${seconds()} s`), PROGRESS_EVERY_MS)
  // npm must not run on the Node inside node_modules, which it is about to remove.
  const path = (process.env.PATH ?? '').split(delimiter).filter(folder => !folder.startsWith(MODULES))
  const env = { ...process.env, PATH: path.join(delimiter) }
  const code = await run('npm', ['ci', '--loglevel=error', '--no-audit', '--no-fund'], env, INTERRUPTED_NPM_MS)
  clearInterval(progress)
  if (code > FIRST_SIGNAL_CODE) refuse('Interrupted; the next run installs again.')
  if (code !== 0) refuse(`"npm ci" failed with code ${code}; its reason is above.`)
  writeFileSync(STAMP, `${lockHash()}\n`)
  say(`Installed in ${seconds()} s.`)
  rmSync(INSTALLING, { force: true })
}

/** @returns {string} Node 24: the one that npm installed (Linux), else the one that runs this */
function findNode() {
  const installed = join(MODULES, '.bin', 'node')
  if (existsSync(installed)) return installed
  if (Number.parseInt(process.versions.node, 10) >= OLDEST_NODE) return process.execPath
  return refuse(
    `This needs Node ${OLDEST_NODE} or newer, and this is ${process.version}. On Linux x64 and arm64 npm installs one; on ${process.platform} ${process.arch} install it yourself.`,
  )
}

/**
 * Runs a program on our terminal and returns its exit code, 128 + n after signal n. In a terminal Ctrl-C reaches every
 * process of the group by itself, and a second copy from us would read as "hurry": so it is passed on only without one.
 * @param {string} program @param {string[]} args @param {NodeJS.ProcessEnv} env
 * @param {number} [killAfterMs] how long it may take to end after a signal; for ever when absent
 * @returns {Promise<number>}
 */
function run(program, args, env, killAfterMs) {
  return new Promise(done => {
    const child = spawn(program, args, { cwd: PROJECT, env, stdio: 'inherit' })
    const inTerminal = process.stdin.isTTY === true
    const handlers = ['SIGINT', 'SIGTERM', 'SIGHUP'].map(signal => {
      const pass = () => {
        if (signal !== 'SIGINT' || !inTerminal) child.kill(signal)
        if (killAfterMs !== undefined) setTimeout(() => child.kill('SIGKILL'), killAfterMs).unref()
      }
      process.on(signal, pass)
      return { signal, pass }
    })
    child.once('error', error => refuse(`${program} could not be started: ${error.message}`))
    child.once('exit', (code, signal) => {
      for (const handler of handlers) process.off(handler.signal, handler.pass)
      done(code ?? FIRST_SIGNAL_CODE + constants.signals[signal])
    })
  })
}

const [entry, ...args] = process.argv.slice(2)
if (entry === undefined) refuse('usage: node src/setup/bootstrap.mjs <entry.ts> [arguments]')
if (!isInstalled()) await install()
process.exitCode = await run(findNode(), [join(PROJECT, entry), ...args], { ...process.env, TZ: 'UTC' })
