import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'
import { libraryFolders, unpackPackages } from './debian-packages.ts'
import { setupEnvironment } from './environment.ts'

/** What the pages for upstream apps are written for. */
const PACKAGES = ['python3-flask', 'python3-sqlalchemy', 'python3-psycopg2']
const PROBE =
  'import sys, flask, sqlalchemy, psycopg2; from sqlalchemy import text; sys.exit(sys.version_info < (3, 9))'
const PROBE_TIMEOUT_MS = 30_000
const CACHE = resolve(import.meta.dirname, '../../.cache/python')

/** A Python with Flask, SQLAlchemy and psycopg2; `env` is what it needs to find them. */
export interface Python {
  readonly path: string
  readonly env: Readonly<Record<string, string>>
}

/**
 * The Python to test with: one that has the packages already, else one with those of the distribution unpacked into our
 * cache (Debian and Ubuntu, unless NO_DOWNLOAD=1): no root needed, nothing installed.
 */
export async function findPython(cache = CACHE): Promise<Python | { readonly missing: string }> {
  const { PATH, NO_DOWNLOAD } = setupEnvironment()
  const paths = [...new Set([...PATH.split(delimiter), '/usr/bin'].map(folder => join(folder, 'python3')))].filter(
    path => existsSync(path),
  )
  if (paths.length === 0) return { missing: 'there is no python3 on PATH' }
  const unpacked = join(cache, 'unpacked')
  const found = () =>
    paths
      .flatMap(path => [
        { path, env: {} },
        { path, env: packagesIn(unpacked) },
      ])
      .find(works)
  const ready = found()
  if (ready) return ready
  const lack = `python3 lacks one of ${PACKAGES.join(', ')}`
  if (NO_DOWNLOAD) return { missing: `${lack}, and NO_DOWNLOAD=1 forbids to fetch it` }
  const fault = await unpackPackages(PACKAGES, cache, unpacked)
  if (fault !== undefined) return { missing: `${lack}, and ${fault}` }
  return found() ?? { missing: `${lack}, and what apt-get fetched does not run here` }
}

function packagesIn(unpacked: string): Record<string, string> {
  return {
    PYTHONPATH: join(unpacked, 'usr/lib/python3/dist-packages'),
    LD_LIBRARY_PATH: libraryFolders(unpacked).join(delimiter),
  }
}

function works({ path, env }: Python): boolean {
  const answer = spawnSync(path, ['-c', PROBE], { env, timeout: PROBE_TIMEOUT_MS, stdio: 'ignore' })
  return answer.status === 0
}
