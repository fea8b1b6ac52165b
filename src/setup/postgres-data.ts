import { spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { lockHolder } from './postgres-lock.ts'
import { canEnter, reachableTemporaryFolder, rootOwnedPlace } from './root-owned-place.ts'
import type { Identity } from './server-process.ts'

/** "nobody", by number: the name is missing in small containers. */
const NOBODY = { uid: 65_534, gid: 65_534 }
const PASSWORD_BYTES = 24

/** A database folder ready for the server: where it is, who runs it, and the superuser's password. */
export type PostgresData = { folder: string; identity: Identity; password: string }

/** Who runs the database: ourselves, but never root, which PostgreSQL refuses. An existing folder's owner goes first. */
export function databaseIdentity(dataDir: string | undefined): Identity {
  if (process.getuid?.() !== 0) return {}
  if (dataDir !== undefined && existsSync(dataDir)) {
    const { uid, gid } = statSync(dataDir)
    if (uid !== 0) return { uid, gid }
  }
  return NOBODY
}

/** An empty folder for one run, removed by whoever asked. */
export function temporaryDataFolder(identity: Identity): string {
  const folder = mkdtempSync(join(reachableTemporaryFolder(identity), 'hbnb-postgres-'))
  giveTo(folder, identity)
  return folder
}

/**
 * The folder to keep data in. When root's own folders are closed to the database's user, the data lives in root's place
 * under /var/tmp and `dataDir` is a link to it; removing the link is how one asks for an empty database.
 */
export function durableDataFolder(dataDir: string, identity: Identity): string {
  const asked = resolve(dataDir)
  if (existsSync(asked)) {
    if (readdirSync(asked).length === 0) giveTo(asked, identity)
    return realpathSync(asked)
  }
  mkdirSync(dirname(asked), { recursive: true })
  if (canEnter(dirname(asked), identity)) {
    mkdirSync(asked)
    giveTo(asked, identity)
    return asked
  }
  const key = createHash('sha256').update(asked).digest('hex').slice(0, 16)
  const elsewhere = join(rootOwnedPlace(identity), `data-${key}`)
  if (lockHolder(elsewhere) !== undefined)
    throw new Error(`The database of a removed ${asked} is still running in ${elsewhere}.`)
  rmSync(elsewhere, { recursive: true, force: true })
  mkdirSync(elsewhere)
  giveTo(elsewhere, identity)
  rmSync(asked, { force: true })
  symlinkSync(elsewhere, asked)
  return elsewhere
}

function giveTo(folder: string, identity: Identity): void {
  chmodSync(folder, 0o700)
  if (identity.uid !== undefined && identity.gid !== undefined) chownSync(folder, identity.uid, identity.gid)
}

/** Makes the cluster when the folder is empty, else reads the password kept beside it. */
export function openCluster(initdb: string, folder: string, identity: Identity, sync: boolean): PostgresData {
  const ownUid = process.getuid?.()
  if (ownUid !== undefined && ownUid !== 0 && lstatSync(folder).uid !== ownUid) {
    throw new Error(`${folder} belongs to another user: it was made by another account; remove it or run as that user.`)
  }
  const cluster = join(folder, 'cluster')
  const passwordFile = join(folder, 'password')
  if (!existsSync(join(cluster, 'PG_VERSION')) || !existsSync(passwordFile)) {
    if (existsSync(cluster) && readdirSync(cluster).length > 0) {
      throw new Error(`${cluster} holds an unfinished or foreign database cluster: remove it and start again.`)
    }
    writeFileSync(passwordFile, randomBytes(PASSWORD_BYTES).toString('base64url'), { mode: 0o600 })
    giveFile(passwordFile, identity)
    createCluster(initdb, cluster, passwordFile, identity, sync)
  }
  return { folder: cluster, identity, password: readFileSync(passwordFile, 'utf8') }
}

function giveFile(file: string, { uid, gid }: Identity): void {
  if (uid !== undefined && gid !== undefined) chownSync(file, uid, gid)
}

/**
 * C.UTF-8 and not C: lower('É') must be 'é', and a word of a search must fold the same way.
 * Its password is 24 random bytes, so SCRAM's slow hashing (4096 rounds a connection) would protect nothing.
 */
function createCluster(initdb: string, cluster: string, passwordFile: string, identity: Identity, sync: boolean): void {
  const run = (locale: string) => {
    const args = [
      '-D',
      cluster,
      '-U',
      'hbnb',
      '-A',
      'scram-sha-256',
      `--pwfile=${passwordFile}`,
      '-E',
      'UTF8',
      '-c',
      'scram_iterations=64',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      `--locale=${locale}`,
      ...(sync ? [] : ['--no-sync']),
    ]
    return spawnSync(initdb, args, {
      ...identity,
      cwd: '/',
      env: { PATH: '/usr/bin:/bin', TZ: 'UTC' },
      encoding: 'utf8',
    })
  }
  let made = run('C.UTF-8')
  // macOS and some small systems lack this locale of the system's library; the builtin one, which sorts and folds, is ours anyway.
  if (made.status !== 0 && /invalid locale/.test(made.stderr)) made = run('C')
  if (made.status !== 0) throw new Error(`initdb failed: ${made.error?.message ?? made.stderr.trim()}`)
}
