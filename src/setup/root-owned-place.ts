import { spawnSync } from 'node:child_process'
import { chmodSync, lstatSync, mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import type { Identity } from './server-process.ts'

/** Survives a restart of the machine, and every user may pass through it. */
const PLACE = '/var/tmp/hbnb-jobs-root'

/** True when `identity` may enter the folder: asked of the kernel, which knows of more than mode bits. */
export function canEnter(folder: string, identity: Identity): boolean {
  const test = spawnSync('/bin/sh', ['-c', 'cd -- "$1"', 'can-enter', folder], {
    ...identity,
    cwd: '/',
    env: {},
    stdio: 'ignore',
  })
  return test.status === 0
}

/** A folder for throw-away data that `identity` can reach. */
export function reachableTemporaryFolder(identity: Identity): string {
  const found = [tmpdir(), '/var/tmp', '/tmp'].find(folder => canEnter(folder, identity))
  if (found === undefined) throw new Error('No temporary folder can be entered by the user that the database runs as.')
  return found
}

/**
 * Where root keeps what the database's user must read when the project's own folder is closed to it (mode 0700, /root).
 * Made by root and writable by root alone, or refused: in a folder open to all, another user may have put it there first.
 */
export function rootOwnedPlace(identity: Identity, place = PLACE): string {
  mkdirSync(place, { recursive: true, mode: 0o755 })
  const made = lstatSync(place)
  if (!made.isDirectory() || made.uid !== 0 || (made.mode & 0o022) !== 0) {
    throw new Error(`${place} was not made by root, or others may write to it: remove it and start again.`)
  }
  // A strict umask of root's would have closed it.
  chmodSync(place, 0o755)
  if (!canEnter(place, identity)) throw new Error(`${place} cannot be entered by the user that the database runs as.`)
  return place
}
