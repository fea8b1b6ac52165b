import { join } from 'node:path'
import { type Catalog, loadCatalog } from '../../queues/catalog.ts'
import { loadJobTypes } from '../../workers/load-job-types.ts'
import type { JobType } from '../../workers/runtime/process.ts'

const domain = 'chaos'
const folders = { extra: join(import.meta.dirname, 'job-types'), old: join(import.meta.dirname, 'old-job-types') }

/** Which release of the test's own job types a process knows. */
export type Release = keyof typeof folders

/** Narrows what a command line says. */
export function releaseOf(text: string | undefined): Release {
  return text === 'old' ? 'old' : 'extra'
}

/** Where a suspect's own process finds the test's job types. */
export function chaosFolders(release: Release): { readonly queues: string; readonly workers: string } {
  return { queues: join(folders[release], 'contracts'), workers: join(folders[release], 'processors') }
}

/** The contracts of the test's own job types. */
export async function chaosCatalog(release: Release): Promise<Catalog> {
  return await loadCatalog(join(folders[release], 'contracts'))
}

/** The same with their processors. */
export async function chaosJobTypes(release: Release): Promise<JobType[]> {
  return await loadJobTypes(await chaosCatalog(release), [domain], join(folders[release], 'processors'))
}
