import type { RunStatement } from '../db/statement.ts'
import { causeSql, type DeadFilter, deadSql } from './dead.ts'

/** Before the first id of all. */
const firstPosition = '00000000-0000-0000-0000-000000000000'

/** Dead jobs examined by one statement, whether or not they match: it stays short however rare a match is. */
const looksPerPage = 2_000

/**
 * Why a dead job is left as it is. `expired`: it stopped being worth doing. `effect-unknown`: whether a provider took its
 * effect was never learned, and policy has closed it; a repeat could double it.
 */
export type LeftReason = 'expired' | 'effect-unknown'

/** A dead job that matches. */
export interface DeadJob {
  readonly id: string
  /** Null: it is to be retried. */
  readonly left: LeftReason | null
  /** Effects that took place: a retried job does not repeat them. */
  readonly keptEffects: number
}

/** The matches among the next dead jobs, in order of their ids. */
export interface DeadPage {
  readonly jobs: readonly DeadJob[]
  /** The last id examined; null when there was nothing more to examine. */
  readonly lookedUntil: string | null
}

/** A job that has an effect a retry can still do something about is retried, whatever else is not known of it. */
const pageStatement = {
  name: 'replay-page',
  text: `
    with looked as materialized (
      select o.* from hbnb_jobs.job_outcomes o
      where o.id > $1 and o.outcome in ('failed', 'cancelled', 'quarantined') order by o.id limit ${looksPerPage}
    ), matching as materialized (
      select o.id, j.expires_at from looked o join hbnb_jobs.jobs j using (id)
      where ${deadSql} and ($2::text is null or j.name = $2) and ($3::text is null or starts_with(${causeSql}, $3))
        and ($4::timestamptz is null or o.finished_at >= $4) and ($5::timestamptz is null or o.finished_at <= $5)
    )
    select (select max(id::text) from looked) as "lookedUntil", coalesce(jsonb_agg(jsonb_build_object(
        'id', m.id, 'keptEffects', e.accepted, 'left', case
          when m.expires_at <= now() then 'expired'
          when e.unknown > 0 and e.open = 0 then 'effect-unknown'
        end) order by m.id) filter (where m.id is not null), '[]') as jobs
    from matching m cross join lateral (
      select count(*) filter (where state = 'accepted') as accepted,
             count(*) filter (where state = 'unknown' and settled_at is not null) as unknown,
             count(*) filter (where state in ('rejected', 'reserved')) as open
      from hbnb_jobs.effects where job_id = m.id
    ) e`,
}

/** Looks at the next dead jobs after a position. */
export async function lookAtDead(run: RunStatement, after: string, filter: DeadFilter): Promise<DeadPage> {
  const { name, error, since, until } = filter
  const [page] = await run<DeadPage>(pageStatement, [after, name, error, since, until])
  return page ?? { jobs: [], lookedUntil: null }
}

/** What a replay would do. */
export interface ReplayPlan {
  readonly matching: number
  readonly retry: number
  readonly left: Readonly<Partial<Record<LeftReason, number>>>
  readonly keptEffects: number
  /** Some of those to be retried. */
  readonly samples: readonly string[]
}

const samplesShown = 5

/** Counts, page by page, what a replay would do; changes nothing. `onPage` hears how many match so far. */
export async function planReplay(
  run: RunStatement,
  filter: DeadFilter,
  onPage: (matching: number) => void,
): Promise<ReplayPlan> {
  const left: Partial<Record<LeftReason, number>> = {}
  const samples: string[] = []
  let [matching, retry, keptEffects] = [0, 0, 0]
  let page = await lookAtDead(run, firstPosition, filter)
  while (page.lookedUntil !== null) {
    matching += page.jobs.length
    for (const job of page.jobs) {
      if (job.left !== null) {
        left[job.left] = (left[job.left] ?? 0) + 1
        continue
      }
      retry += 1
      keptEffects += job.keptEffects
      if (samples.length < samplesShown) samples.push(job.id)
    }
    onPage(matching)
    page = await lookAtDead(run, page.lookedUntil, filter)
  }
  return { matching, retry, left, keptEffects, samples }
}
