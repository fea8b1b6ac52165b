import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Catalog, jobFiles, nameOfPath } from '../queues/catalog.ts'
import type { JobType } from './runtime/process.ts'

/**
 * Loads the processors of some domains and pairs them with their contracts by path. Boot fails on a contract without a
 * processor and on a processor without its contract. Files of a domain without a default export are parts of it.
 * Job types are erased here.
 */
export async function loadJobTypes(
  catalog: Catalog,
  domains: readonly string[],
  folder: string = import.meta.dirname,
): Promise<JobType[]> {
  const types = new Map<string, JobType>()
  const paths = (await jobFiles(folder)).filter(path => domains.includes(domainOf(nameOfPath(path))))
  for (const path of paths) {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Here job types are erased; what matters is checked below.
    const module = (await import(pathToFileURL(join(folder, path)).href)) as { default?: JobType }
    if (!module.default) continue
    const name = nameOfPath(path)
    if (!catalog.has(name) || module.default.contract !== catalog.get(name)) {
      throw new Error(`workers/${path} must export default process(contract, …) with the contract of queues/${path}`)
    }
    types.set(name, module.default)
  }
  for (const name of catalog.keys()) {
    if (domains.includes(domainOf(name)) && !types.has(name)) {
      throw new Error(`the contract ${name} has no processor: workers/${name.replace('.', '/')}.ts is missing`)
    }
  }
  return [...types.values()]
}

/** The part of a job's name before the dot. */
export function domainOf(name: string): string {
  return name.slice(0, name.indexOf('.'))
}
