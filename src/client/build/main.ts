import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { buildPackage } from './build-package.ts'

// `node src/client/build/main.ts`, then `npm publish .cache/hbnb-jobs-client`.

const folder = join(import.meta.dirname, '../../../.cache/hbnb-jobs-client')
await rm(folder, { recursive: true, force: true })
await buildPackage(folder)
process.stdout.write(`${folder}\n`)
