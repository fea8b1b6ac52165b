import { execFile } from 'node:child_process'
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const client = join(import.meta.dirname, '..')
const root = join(client, '../..')

/** Writes the package as it is published into `folder`: JavaScript for Node 20 and later, types, page and licence. */
export async function buildPackage(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  await promisify(execFile)(process.execPath, [tsc, '-p', client, '--outDir', folder])
  await nameScripts(folder)
  await copyFile(join(client, 'package.json'), join(folder, 'package.json'))
  await copyFile(join(root, 'docs/upstream/node.md'), join(folder, 'README.md'))
  await copyFile(join(root, 'LICENSE'), join(folder, 'LICENSE'))
}

/** The compiler leaves `.ts` in the imports of declarations, which older compilers do not follow. */
async function nameScripts(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.endsWith('.d.ts')) continue
    const text = await readFile(join(folder, name), 'utf8')
    await writeFile(join(folder, name), text.replaceAll(/(from '\.\/[\w-]+)\.ts'/g, "$1.js'"))
  }
}
