import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'
import { buildPackage } from '../../src/client/build/build-package.ts'

const run = promisify(execFile)
const packed = z.tuple([z.object({ filename: z.string() })])

/** Packs the client as it is published and installs it, offline, into an app of its own in `folder`. */
export async function installedClient(folder: string): Promise<void> {
  const built = join(folder, 'built')
  await buildPackage(built)
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder, built])
  const [{ filename }] = packed.parse(JSON.parse(stdout))
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'app', version: '1.0.0', private: true }))
  const quiet = ['--offline', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error']
  await run('npm', ['install', ...quiet, join(folder, filename)], { cwd: folder })
}
