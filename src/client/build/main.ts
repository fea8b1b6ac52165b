import { execFileSync } from 'node:child_process'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { buildPackage } from './build-package.ts'

// Packs the client: `node src/client/build/main.ts` prints the archive to install or publish.

const cache = join(import.meta.dirname, '../../../.cache')
const folder = join(cache, 'hbnb-jobs-client')
await rm(folder, { recursive: true, force: true })
await mkdir(cache, { recursive: true })
await buildPackage(folder)
const name = execFileSync('npm', ['pack', '--silent', '--pack-destination', cache, folder], { encoding: 'utf8' })
process.stdout.write(`${join(cache, name.trim())}\n`)
