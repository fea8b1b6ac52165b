import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type Check, type Finding, finder } from './finding.ts'

const migrationsFolder = join(import.meta.dirname, '../../../migrations')
const release = 'npm run migrate'
const undefinedTable = '42P01'

const { bad, warning } = finder('migrations')
const declared = finder('release')

/** Whether the database is at this release: migrations, job types, schedules of contracts, the queue's own tables. */
export const checkRelease: Check = async patient => {
  const applied = await appliedMigrations(patient)
  if (applied === undefined) return [bad('the database was never migrated', release)]
  const known = (await readdir(migrationsFolder)).filter(name => name.endsWith('.ts')).toSorted()
  const missing = known.filter(name => !applied.includes(name))
  // Without its tables nothing else can be read.
  if (missing.length > 0) return [bad(`${missing.length} migration(s) behind, from ${missing[0]}`, release)]
  const newer = applied.filter(name => !known.includes(name))
  const ahead =
    newer.length > 0
      ? [
          warning(
            `the database is ahead of this release by ${newer.length} migration(s), up to ${newer.at(-1)}`,
            'deploy the newer release here too',
          ),
        ]
      : []
  return [
    ...ahead,
    ...(await typeFindings(patient)),
    ...(await scheduleFindings(patient)),
    ...(await queueFindings(patient)),
  ]
}

async function appliedMigrations({ run }: Parameters<Check>[0]): Promise<string[] | undefined> {
  try {
    const text = 'select name from public.hbnb_jobs_migrations order by name'
    return (await run<{ name: string }>({ name: 'doctor-migrations', text })).map(({ name }) => name)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === undefinedTable) return undefined
    throw error
  }
}

async function typeFindings({ run, catalog }: Parameters<Check>[0]): Promise<Finding[]> {
  const text = 'select name, version from hbnb_jobs.job_types'
  const rows = await run<{ name: string; version: number }>({ name: 'doctor-job-types', text })
  const versions = new Map(rows.map(({ name, version }) => [name, version]))
  const behind = [...catalog.values()].filter(({ name, version }) => (versions.get(name) ?? 0) < version)
  const ahead = [...catalog.values()].filter(({ name, version }) => (versions.get(name) ?? 0) > version)
  return [
    ...(behind.length > 0
      ? [declared.bad(`job types are not declared in their version: ${namesOf(behind)}`, release)]
      : []),
    ...(ahead.length > 0
      ? [
          declared.warning(
            `a newer release has declared ${namesOf(ahead)}: this one hands such jobs back`,
            'deploy the newer release here too',
          ),
        ]
      : []),
  ]
}

async function scheduleFindings({ run, catalog }: Parameters<Check>[0]): Promise<Finding[]> {
  const text = `select key from hbnb_jobs.schedules where source = 'contract' and removed_at is null`
  const rows = await run<{ key: string }>({ name: 'doctor-contract-schedules', text })
  const kept = new Set(rows.map(({ key }) => key))
  const missing = [...catalog.values()].filter(({ name, schedule }) => schedule !== 'none' && !kept.has(name))
  return missing.length > 0
    ? [declared.bad(`schedules of contracts are not in the database: ${namesOf(missing)}`, release)]
    : []
}

async function queueFindings({ config }: Parameters<Check>[0]): Promise<Finding[]> {
  if (config.queue.kind === 'redis') return []
  const { openQueueBackend } = await import('../../queue/backend.ts')
  const backend = openQueueBackend(config.queue)
  try {
    await backend.check()
    return []
  } catch (error) {
    return [finder('queue').bad(error instanceof Error ? error.message : 'the queue does not answer', release)]
  } finally {
    await backend.close()
  }
}

function namesOf(contracts: readonly { readonly name: string }[]): string {
  return contracts.map(({ name }) => name).join(', ')
}
