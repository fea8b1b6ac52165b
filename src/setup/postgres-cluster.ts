import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chownSync, existsSync, lstatSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Identity } from './server-process.ts'

/** The cluster's folder inside a data folder. */
export const CLUSTER_FOLDER = 'cluster'
const MAKING = 'making-'
const PASSWORD_FILE = 'hbnb-password'
const PASSWORD_BYTES = 24

/** A database cluster ready for the server: where it is, and its superuser's password. */
export type Cluster = { folder: string; password: string }

/** Opens the cluster in a data folder, and makes it first when there is none. `sync` waits for the disk. */
export function openCluster(initdb: string, home: string, identity: Identity, sync: boolean): Cluster {
  const ownUid = process.getuid?.()
  if (ownUid !== undefined && ownUid !== 0 && lstatSync(home).uid !== ownUid) {
    throw new Error(`The database folder ${home} belongs to another user: run as that user, or remove it.`)
  }
  const folder = join(home, CLUSTER_FOLDER)
  if (!existsSync(folder)) makeCluster(initdb, home, folder, identity, sync)
  return { folder, password: readFileSync(join(folder, PASSWORD_FILE), 'utf8') }
}

/**
 * Made beside, then renamed: an initdb that was interrupted leaves a folder which looks finished to PostgreSQL.
 * Of two that make one at once the second loses, and uses the first's.
 */
function makeCluster(initdb: string, home: string, folder: string, identity: Identity, sync: boolean): void {
  const beside = join(home, `${MAKING}${randomBytes(6).toString('hex')}`)
  const passwordFile = `${beside}.password`
  writeFileSync(passwordFile, randomBytes(PASSWORD_BYTES).toString('base64url'), { mode: 0o600 })
  if (identity.uid !== undefined && identity.gid !== undefined) chownSync(passwordFile, identity.uid, identity.gid)
  try {
    runInitdb(initdb, beside, passwordFile, identity, sync)
    renameSync(passwordFile, join(beside, PASSWORD_FILE))
    renameSync(beside, folder)
  } catch (error) {
    if (!existsSync(folder)) throw error
  } finally {
    for (const left of readdirSync(home).filter(name => name.startsWith(MAKING))) {
      rmSync(join(home, left), { recursive: true, force: true })
    }
  }
}

function runInitdb(initdb: string, folder: string, passwordFile: string, identity: Identity, sync: boolean): void {
  const run = (locale: string) => {
    const options = {
      pgdata: folder,
      username: 'hbnb',
      auth: 'scram-sha-256',
      pwfile: passwordFile,
      encoding: 'UTF8',
      // C.UTF-8 and not C: lower('É') must be 'é', and the words of a search must fold the same way.
      'locale-provider': 'builtin',
      'builtin-locale': 'C.UTF-8',
      locale,
      // Of a password of 24 random bytes, SCRAM's 4096 rounds a connection would protect nothing more.
      set: 'scram_iterations=64',
    }
    const args = Object.entries(options).map(([name, value]) => `--${name}=${value}`)
    const env = { PATH: '/usr/bin:/bin', TZ: 'UTC' }
    return spawnSync(initdb, sync ? args : [...args, '--no-sync'], { ...identity, cwd: '/', env, encoding: 'utf8' })
  }
  let made = run('C.UTF-8')
  // Some systems' libraries lack that locale; the builtin one, which sorts and folds, is ours anyway.
  if (made.status !== 0 && /invalid locale/.test(made.stderr)) made = run('C')
  if (made.status === 0) return
  if (/user does not exist/.test(made.stderr)) {
    throw new Error(
      'initdb runs only for a user with a line in /etc/passwd: add one, or set DATABASE_URL to a server of your own.',
    )
  }
  throw new Error(`initdb failed: ${made.error?.message ?? made.stderr.trim()}`)
}
