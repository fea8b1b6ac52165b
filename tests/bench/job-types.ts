import { join } from 'node:path'
import { type Catalog, loadCatalog } from '../../queues/catalog.ts'
import { loadJobTypes } from '../../workers/load-job-types.ts'
import type { JobType } from '../../workers/runtime/process.ts'

const folder = join(import.meta.dirname, 'job-types')

/** The contracts of the bench, found as the real ones are. */
export async function benchCatalog(): Promise<Catalog> {
  return await loadCatalog(join(folder, 'contracts'))
}

/** Their processors. */
export async function benchJobTypes(catalog: Catalog): Promise<JobType[]> {
  return await loadJobTypes(catalog, ['bench'], join(folder, 'processors'))
}
