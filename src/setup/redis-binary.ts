import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'
import { libraryFolders, unpackPackages } from './debian-packages.ts'
import { setupEnvironment } from './environment.ts'

/** BullMQ 6 asks for 5.0 and recommends 6.2, below which it lacks commands that we rely on. */
const OLDEST_VERSION = [6, 2] as const
const PROGRAMS = ['redis-server', 'valkey-server']
const CACHE = resolve(import.meta.dirname, '../../.cache/redis')

/** A Redis (or Valkey) program, with the folders of its libraries when it is not an installed one. */
export type RedisBinary = { path: string; libraryPath?: string }

/**
 * The Redis to test with: on PATH, else from our cache, else (Debian and Ubuntu, unless NO_DOWNLOAD=1) packages of the
 * distribution, signatures checked by apt, unpacked into the cache: no root needed, nothing installed.
 */
export async function findRedis(cache = CACHE): Promise<RedisBinary | { missing: string }> {
  const { PATH, NO_DOWNLOAD } = setupEnvironment()
  const onPath = PATH.split(delimiter)
    .flatMap(folder => PROGRAMS.map(program => ({ path: join(folder, program) })))
    .find(usable)
  if (onPath !== undefined) return onPath
  const unpacked = join(cache, 'unpacked')
  const cached = binaryIn(unpacked)
  if (cached !== undefined) return cached
  if (NO_DOWNLOAD)
    return { missing: 'no redis-server or valkey-server on PATH, and NO_DOWNLOAD=1 forbids to fetch one' }
  const fault = await unpackPackages(['redis-server'], cache, unpacked)
  if (fault !== undefined) return { missing: `no redis-server or valkey-server on PATH, and ${fault}` }
  return binaryIn(unpacked) ?? { missing: 'the redis-server that apt-get fetched does not run here' }
}

function binaryIn(unpacked: string): RedisBinary | undefined {
  if (!existsSync(unpacked)) return undefined
  const libraryPath = libraryFolders(unpacked).join(delimiter)
  return PROGRAMS.map(program => ({ path: join(unpacked, 'usr', 'bin', program), libraryPath })).find(usable)
}

function usable({ path, libraryPath }: RedisBinary): boolean {
  try {
    accessSync(path, constants.X_OK)
  } catch {
    return false
  }
  const env = libraryPath === undefined ? {} : { LD_LIBRARY_PATH: libraryPath }
  const answer = spawnSync(path, ['--version'], { encoding: 'utf8', env })
  const version = /v=(\d+)\.(\d+)/.exec(answer.stdout ?? '')
  if (version === null) return false
  const [major, minor] = [Number(version[1]), Number(version[2])]
  return major > OLDEST_VERSION[0] || (major === OLDEST_VERSION[0] && minor >= OLDEST_VERSION[1])
}
