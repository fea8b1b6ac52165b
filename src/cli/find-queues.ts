import { type Catalog, loadCatalog, nearNames } from '../../queues/catalog.ts'
import type { JobContract } from '../../queues/define-job.ts'
import { CommandFailed, type Invocation, UsageError } from './command.ts'

/** The contract of a job type as it was typed. Throws {@link CommandFailed} with the names that may have been meant. */
export function contractIn(catalog: Catalog, name: string): JobContract {
  const contract = catalog.get(name)
  if (contract) return contract
  const near = nearNames(catalog, name)
  const meant = near.length > 0 ? `, did you mean ${near.join(' or ')}?` : ''
  throw new CommandFailed(`there is no job type "${name}"${meant} See "types".`)
}

/** The job types of `<queue> …`, of `<domain>.*`, or of --all. Throws {@link UsageError} when none is said. */
export async function queuesOf({ positionals, options }: Invocation): Promise<JobContract[]> {
  const catalog = await loadCatalog()
  if (options['all'] === true) {
    if (positionals.length > 0) throw new UsageError('either name queues, or --all')
    return [...catalog.values()]
  }
  if (positionals.length === 0) throw new UsageError('name the queues, or --all')
  const found = positionals.flatMap(name =>
    name.endsWith('.*') ? inDomain(catalog, name) : [contractIn(catalog, name)],
  )
  return [...new Set(found)]
}

function inDomain(catalog: Catalog, pattern: string): JobContract[] {
  const found = [...catalog.values()].filter(({ name }) => name.startsWith(pattern.slice(0, -1)))
  if (found.length === 0) throw new CommandFailed(`there is no job type in "${pattern}". See "types".`)
  return found
}
