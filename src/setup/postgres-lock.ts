import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

const POLL_MS = 50
const LEAVING_TIMEOUT_MS = 15_000
/** A killed starter's database is stopped by its watcher: it needs a moment to begin. */
const NOTICE_TIMEOUT_MS = 1_000

/**
 * The pid of the server that runs on a cluster, or undefined. PostgreSQL's own test asks only whether the pid of its
 * lock file is alive; after a restart of the machine or container that number often belongs to something else.
 */
export function lockHolder(cluster: string): number | undefined {
  const lines = lockLines(cluster)
  const pid = Number(lines?.[0])
  if (!Number.isInteger(pid) || pid <= 0) return undefined
  return commandLine(pid).includes(cluster) ? pid : undefined
}

function lockLines(cluster: string): string[] | undefined {
  try {
    return readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n')
  } catch {
    return undefined
  }
}

function commandLine(pid: number): string {
  if (!existsSync('/proc/self/cmdline'))
    return spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}

/** Waits for a server that is leaving; rejects when one is there to stay. */
export async function waitForLock(cluster: string): Promise<void> {
  const started = Date.now()
  for (let holder = lockHolder(cluster); holder !== undefined; holder = lockHolder(cluster)) {
    // Line 8 of the lock file is the server's state (PostgreSQL's miscadmin.h, LOCK_FILE_LINE_PM_STATUS).
    const leaving = lockLines(cluster)?.[7]?.startsWith('stopping') === true
    if (Date.now() - started > (leaving ? LEAVING_TIMEOUT_MS : NOTICE_TIMEOUT_MS)) {
      throw new Error(
        `The database folder ${cluster} is in use by process ${holder}: another copy is running; stop it first.`,
      )
    }
    await delay(POLL_MS)
  }
}

/**
 * Removes a lock file whose pid now belongs to something else. Only to be called after PostgreSQL itself refused to
 * start: it clears every other stale file on its own, and does not race with another start.
 */
export function removeStaleLock(cluster: string): void {
  if (lockHolder(cluster) === undefined) rmSync(join(cluster, 'postmaster.pid'), { force: true })
}
