import { createHash } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { CLUSTER_FOLDER } from './postgres-cluster.ts'
import { lockHolder } from './postgres-lock.ts'
import { canEnter, reachableTemporaryFolder, rootOwnedPlace } from './root-owned-place.ts'
import type { Identity } from './server-process.ts'

/** "nobody" on every Linux we know. */
const NOBODY = { uid: 65_534, gid: 65_534 }

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
    mkdirSync(asked, { recursive: true })
    giveTo(asked, identity)
    return realpathSync(asked)
  }
  const key = createHash('sha256').update(asked).digest('hex').slice(0, 16)
  const elsewhere = join(rootOwnedPlace(identity), `data-${key}`)
  if (lockHolder(join(elsewhere, CLUSTER_FOLDER)) !== undefined)
    throw new Error(`The database of a removed ${asked} is still running in ${elsewhere}.`)
  rmSync(elsewhere, { recursive: true, force: true })
  mkdirSync(elsewhere)
  giveTo(elsewhere, identity)
  rmSync(asked, { force: true })
  symlinkSync(elsewhere, asked)
  return elsewhere
}

/** Its owner alone may look inside, which PostgreSQL insists on. */
function giveTo(folder: string, identity: Identity): void {
  chmodSync(folder, 0o700)
  if (identity.uid !== undefined && identity.gid !== undefined) chownSync(folder, identity.uid, identity.gid)
}
