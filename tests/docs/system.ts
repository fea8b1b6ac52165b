import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { expect } from 'vitest'
import { createTestDatabase } from '../setup/database.ts'

const root = join(import.meta.dirname, '../..')
const notCopied = new Set(['node_modules', '.git', '.data', '.cache', 'artefacts'])

/** A clone of this project with everything installed, and a database: what somebody who reads the docs sits before. */
export interface Desk {
  readonly folder: string
  /** Runs a shell script in it and answers what it printed; fails the test when it fails. */
  readonly run: (script: string, env?: Readonly<Record<string, string>>) => Promise<string>
  /** Starts what stays up (`npm run dev`) and answers the variables it says to export. */
  readonly start: (script: string) => Promise<Readonly<Record<string, string>>>
  readonly clear: () => Promise<void>
}

export async function startDesk(): Promise<Desk> {
  const folder = await mkdtemp(join(tmpdir(), 'hbnb-desk-'))
  await cp(root, folder, {
    recursive: true,
    preserveTimestamps: true,
    filter: path => dirname(path) !== root || !notCopied.has(basename(path)),
  })
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'))
  const database = await createTestDatabase()
  const common = { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', NO_DOWNLOAD: '1' }
  const stops: (() => Promise<void>)[] = []
  return {
    folder,
    async run(script, env = {}) {
      const child = spawn('sh', ['-e', '-c', script], {
        cwd: folder,
        env: { ...common, ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      const [[code], out, err] = await Promise.all([once(child, 'close'), text(child.stdout), text(child.stderr)])
      expect(code, `${script}\n${out}\n${err}`).toBe(0)
      return out
    },
    async start(script) {
      const child = spawn('sh', ['-c', `exec ${script.trim()}`], {
        cwd: folder,
        env: { ...common, DATABASE_URL: database.url },
        stdio: ['ignore', 'pipe', 'inherit'],
        detached: true,
      })
      const closed = once(child, 'close')
      stops.push(async () => {
        if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGTERM')
        await closed
      })
      const lines: string[] = []
      for await (const line of createInterface(child.stdout)) {
        lines.push(line)
        if (line.trim().startsWith('export ')) break
      }
      child.stdout.resume()
      const last = lines.at(-1)?.trim() ?? ''
      expect(last, lines.join('\n')).toMatch(/^export /)
      return Object.fromEntries([...last.matchAll(/(\w+)=(\S+)/g)].map(([, name = '', value = '']) => [name, value]))
    },
    async clear() {
      for (const stop of stops.toReversed()) await stop()
      await database.drop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
