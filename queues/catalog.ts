import { readdir } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { JobContract } from './define-job.ts'

/** All contracts by name, in alphabetical order. */
export type Catalog = ReadonlyMap<string, JobContract>

const contractsFolder = import.meta.dirname

/** The job's name is its path: `payments/refund.ts` is `payments.refund`. */
export function nameOfPath(path: string): string {
  return path.replace(/\.ts$/, '').split(/[\\/]/).join('.')
}

/** Job files below a folder, as paths relative to it: one folder deep, so this folder's own files are no jobs. */
export async function jobFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return (
    entries
      .filter(entry => entry.isFile() && entry.name.endsWith('.ts') && entry.parentPath !== folder)
      .map(entry => relative(folder, join(entry.parentPath, entry.name)))
      // By the names of their jobs: `email.send` comes before `email.send-batch`.
      .toSorted((a, b) => (nameOfPath(a) < nameOfPath(b) ? -1 : 1))
  )
}

/** Loads every contract. A file whose path differs from its contract's name stops the boot. */
export async function loadCatalog(folder: string = contractsFolder): Promise<Catalog> {
  const contracts = new Map<string, JobContract>()
  for (const path of await jobFiles(folder)) {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Here job types are erased; what matters is checked below.
    const module = (await import(pathToFileURL(join(folder, path)).href)) as { default?: JobContract }
    const name = nameOfPath(path)
    if (module.default?.name !== name) {
      throw new Error(
        `queues/${path} must export default defineJob({ name: '${name}', … }), found '${module.default?.name}'`,
      )
    }
    contracts.set(name, module.default)
  }
  return contracts
}

/** Names a person may have meant: same domain or same job word, at most three; those that begin alike come first. */
export function nearNames(catalog: Catalog, wanted: string): string[] {
  const words = new Set(wanted.toLowerCase().split(/[^a-z]+/))
  const scored = [...catalog.keys()].map(name => ({
    name,
    score: name.split(/[^a-z]+/).filter(word => words.has(word)).length,
    alike: lengthAlike(name, wanted),
  }))
  return scored
    .filter(candidate => candidate.score > 0)
    .toSorted((a, b) => b.score - a.score || b.alike - a.alike)
    .slice(0, 3)
    .map(candidate => candidate.name)
}

function lengthAlike(one: string, other: string): number {
  const differs = Array.from(one).findIndex((letter, index) => letter !== other[index])
  return differs === -1 ? one.length : differs
}
