import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

const COMMAND_TIMEOUT_MS = 120_000
const NETWORK_OPTIONS = [
  '-o',
  'Acquire::Retries=2',
  '-o',
  'Acquire::http::Timeout=15',
  '-o',
  'Acquire::https::Timeout=15',
]
const run = promisify(execFile)

/**
 * Fetches what `apt-get install` of these packages would add and unpacks it into `target`: no root needed, nothing installed,
 * signatures checked by apt. Returns a reason when it cannot. The machine's own apt lists are tried first; when they are
 * absent or out of date, lists of our own are fetched into the cache.
 */
export async function unpackPackages(
  names: readonly string[],
  cache: string,
  target: string,
): Promise<string | undefined> {
  if (!existsSync('/usr/bin/apt-get') || !existsSync('/usr/bin/dpkg'))
    return 'this system has no apt-get to fetch it with'
  mkdirSync(cache, { recursive: true })
  const work = mkdtempSync(join(cache, 'fetch-'))
  try {
    const ownLists = privateLists(work)
    try {
      await fetchAndUnpack(names, work, [])
    } catch {
      await run('apt-get', [...NETWORK_OPTIONS, ...ownLists, 'update', '-qq'], {
        timeout: COMMAND_TIMEOUT_MS,
        cwd: work,
      })
      await fetchAndUnpack(names, work, ownLists)
    }
    publish(join(work, 'unpacked'), target)
    return undefined
  } catch (error) {
    return `apt-get could not fetch it (${lastLine(error)})`
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

function privateLists(work: string): string[] {
  mkdirSync(join(work, 'lists', 'partial'), { recursive: true })
  mkdirSync(join(work, 'archives', 'partial'), { recursive: true })
  return [
    '-o',
    `Dir::State::lists=${join(work, 'lists')}`,
    '-o',
    `Dir::Cache=${work}`,
    '-o',
    'Debug::NoLocking=1',
    '-o',
    'APT::Sandbox::User=',
  ]
}

async function fetchAndUnpack(names: readonly string[], work: string, lists: readonly string[]): Promise<void> {
  const options = { timeout: COMMAND_TIMEOUT_MS, cwd: work }
  const plan = await run('apt-get', [...lists, 'install', '--simulate', '--no-install-recommends', ...names], options)
  const packages = [...plan.stdout.matchAll(/^Inst (\S+)/gm)].map(match => match[1] ?? '')
  if (packages.length === 0) throw new Error('nothing to fetch')
  await run('apt-get', [...NETWORK_OPTIONS, ...lists, 'download', '-qq', ...packages], options)
  for (const file of readdirSync(work).filter(name => name.endsWith('.deb'))) {
    await run('dpkg', ['-x', join(work, file), join(work, 'unpacked')], options)
  }
}

/** The folders of an unpacked set of packages that hold libraries: usr/lib/x86_64-linux-gnu and the like. */
export function libraryFolders(unpacked: string): string[] {
  return ['lib', 'usr/lib']
    .map(folder => join(unpacked, folder))
    .filter(folder => existsSync(folder))
    .flatMap(folder =>
      readdirSync(folder)
        .filter(name => name.includes('-linux-'))
        .map(name => join(folder, name)),
    )
}

/** The second of two that fetch at once loses, and uses what the first put there. */
function publish(unpacked: string, target: string): void {
  try {
    renameSync(unpacked, target)
  } catch (error) {
    if (!existsSync(target)) throw error
  }
}

function lastLine(error: unknown): string {
  const text =
    error instanceof Error && 'stderr' in error && typeof error.stderr === 'string' ? error.stderr : String(error)
  return text.trim().split('\n').at(-1) ?? 'no reason given'
}
