import type { RunStatement } from '../db/statement.ts'

/**
 * What tells one cause of death from another: SQL over `job_outcomes o`. The same text is found by again; what left no
 * error is told by how it ended.
 */
export const causeSql = 'coalesce(hbnb_jobs.error_signature(o.error), o.reason, o.outcome::text)'

/** In the words of the index of what ended badly; what people cancelled is not dead. */
export const deadSql = `o.outcome in ('failed', 'cancelled', 'quarantined') and o.outcome <> 'cancelled'`

/** Which dead jobs: those that died within [since, until], of one type, of causes that begin so. */
export interface DeadFilter {
  readonly name: string | null
  /** The beginning of an error signature. */
  readonly error: string | null
  readonly since: Date | null
  readonly until: Date | null
}

/** Dead jobs of one type and one cause. Instants are when they died. */
export interface DeadGroup {
  readonly name: string
  readonly error: string
  readonly count: number
  readonly quarantined: number
  readonly first_at: Date
  readonly last_at: Date
  /** The newest of them. */
  readonly sample_id: string
}

/** How many groups one look answers. */
export const maxDeadGroups = 200

const groupsStatement = {
  name: 'dead-groups',
  text: `
    select j.name, ${causeSql} as error, count(*)::int as count,
           (count(*) filter (where o.outcome = 'quarantined'))::int as quarantined,
           min(o.finished_at) as first_at, max(o.finished_at) as last_at, max(o.id::text) as sample_id
    from hbnb_jobs.job_outcomes o join hbnb_jobs.jobs j using (id)
    where ${deadSql} and ($1::text is null or j.name = $1) and ($2::text is null or starts_with(${causeSql}, $2))
      and ($3::timestamptz is null or o.finished_at >= $3) and ($4::timestamptz is null or o.finished_at <= $4)
    group by 1, 2 order by count desc, last_at desc limit ${maxDeadGroups}`,
}

/** Failed and quarantined jobs by type and cause, the most frequent first, at most {@link maxDeadGroups}. */
export async function deadGroups(run: RunStatement, filter: DeadFilter): Promise<DeadGroup[]> {
  return await run<DeadGroup>(groupsStatement, [filter.name, filter.error, filter.since, filter.until])
}
