import type { RunStatement } from '../db/statement.ts'
import type { JobFilter } from './job-filter.ts'
import type { StoredError } from './outcome.ts'
import { firstJobIdAt } from './partitions.ts'
import { branchesOf, type Branch } from './search-branches.ts'
import { type JobState, jobStateSql } from './status.ts'

/** One found job. Times are ISO 8601 with their offset. */
export interface FoundJob {
  readonly id: string
  readonly name: string
  readonly state: JobState
  readonly attempts: number
  readonly accepted_at: string
  readonly run_at: string
  readonly finished_at: string | null
  readonly entity: string | null
  readonly tags: readonly string[]
  readonly error: (StoredError & { readonly signature: string }) | null
  readonly reason: string | null
  readonly tenant: string
  readonly batch: string | null
}

const maxJobsPerPage = 1_000

/**
 * Jobs, newest first, at most `limit`. `next` is given as `before` for the next page, null at the end: ids only grow
 * older from page to page, so no job is met twice and none that stays in the filter is missed.
 */
export async function searchJobs(
  run: RunStatement,
  filter: JobFilter,
  { limit, before }: { readonly limit: number; readonly before?: string | undefined },
): Promise<{ readonly jobs: FoundJob[]; readonly next: string | null }> {
  if (limit < 1 || limit > maxJobsPerPage) throw new RangeError(`a page has 1 to ${maxJobsPerPage} jobs`)
  const values: unknown[] = []
  const bind = (value: unknown): string => `$${values.push(value)}`
  const branches = branchesOf(filter).map(branch => branchSql(branch, filter, before, limit + 1, bind))
  const text = pageSql(branches, limit + 1)
  // Without a name, so that it is planned for these values: what is rare decides which index is right.
  const rows = await run<{ job: FoundJob }>({ name: '', text }, values)
  const jobs = rows.slice(0, limit).map(({ job }) => job)
  return { jobs, next: rows.length > limit ? (jobs.at(-1)?.id ?? null) : null }
}

type Bind = (value: unknown) => string

/** The ids of one branch. The bounds are said of every table in it, so that weeks outside are not looked at. */
function branchSql(branch: Branch, filter: JobFilter, before: string | undefined, rows: number, bind: Bind): string {
  const { tenant, name, entity, tag, batch, since, until } = filter
  const from = since && bind(firstJobIdAt(since.getTime()))
  const to = until && bind(firstJobIdAt(until.getTime()))
  const cursor = before === undefined ? undefined : bind(before)
  const bounds = branch.aliases.flatMap(alias => [
    ...(from === undefined ? [] : [`${alias}.id >= ${from}::uuid`]),
    ...(to === undefined ? [] : [`${alias}.id < ${to}::uuid`]),
    ...(cursor === undefined ? [] : [`${alias}.id < ${cursor}::uuid`]),
  ])
  const conditions = [
    ...bounds,
    ...branch.conditions(bind),
    ...(tenant === undefined ? [] : [`j.tenant = ${bind(tenant)}`]),
    ...(name === undefined ? [] : [`j.name = ${bind(name)}`]),
    ...(entity === undefined ? [] : [`j.entity = ${bind(entity)}`]),
    ...(tag === undefined ? [] : [`j.tags <> '{}' and j.tags @> ${bind([tag])}::text[]`]),
    ...(batch === undefined ? [] : [`j.batch_id = ${bind(batch)}::uuid`]),
  ]
  return `
    (select j.id from ${branch.from} where ${conditions.length > 0 ? conditions.join(' and ') : 'true'}
     order by j.id desc limit ${rows})`
}

function pageSql(branches: readonly string[], rows: number): string {
  return `
    with page as materialized (
      select id from (${branches.join(' union all ')}) as found order by id desc limit ${rows}
    ), shown as (
      select j.*, ${jobStateSql} as state, coalesce(o.attempts, l.attempts, 0) as attempts, o.finished_at, o.reason,
             coalesce(o.error, l.last_error) as error
      from page p join hbnb_jobs.jobs j on j.id = p.id
      left join hbnb_jobs.job_live l on l.id = p.id
      left join hbnb_jobs.job_outcomes o on o.id = p.id
    )
    select jsonb_build_object(
      'id', id, 'name', name, 'state', state, 'attempts', attempts, 'accepted_at', accepted_at, 'run_at', run_at,
      'finished_at', finished_at, 'entity', entity, 'tags', to_jsonb(tags),
      'error', error || jsonb_build_object('signature', hbnb_jobs.error_signature(error)),
      'reason', reason, 'tenant', tenant, 'batch', batch_id) as job
    from shown order by id desc`
}
