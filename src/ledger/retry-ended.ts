import type { RunStatement } from '../db/statement.ts'
import { uniqueKeyInSql } from '../domain/test-tenant.ts'

/**
 * Each life of a job counts its runs and tokens from a million of its own: a copy or a runner left over from an earlier life
 * never has the number of a later one, and an id that BullMQ has kept is never added again.
 */
const numbersPerLife = 1_000_000

/** A job whose time is over would only end as expired; one that ended well has nothing to repeat. */
const retryStatement = {
  name: 'retry-ended',
  text: `
    with dead as materialized (
      select o.id from hbnb_jobs.job_outcomes o join hbnb_jobs.jobs j using (id)
      where o.id = any($1::uuid[]) and ($2::text is null or j.tenant = $2)
        and o.outcome in ('failed', 'cancelled', 'quarantined') and (j.expires_at is null or j.expires_at > now())
      order by o.id for update of o
    ), gone as (
      delete from hbnb_jobs.job_outcomes o using dead d where o.id = d.id
      returning o.id, o.outcome, o.attempts, o.reason, o.error, o.owner, o.started_at, o.finished_at
    ), lives as materialized (
      select d.id, coalesce(max(a.token), 0) / ${numbersPerLife} + 1 as life
      from dead d left join hbnb_jobs.job_attempts a on a.job_id = d.id group by d.id
    ), told as (
      insert into hbnb_jobs.job_attempts (job_id, attempt, token, owner, started_at, ended_at, ending, error, next_at)
      select g.id, g.attempts, l.life * ${numbersPerLife}, g.owner, g.started_at, g.finished_at, g.outcome::text,
             coalesce(g.error, jsonb_build_object('name', 'Outcome', 'code', g.outcome::text, 'message', g.reason)), now()
      from gone g join lives l using (id)
    ), armed as (
      update hbnb_jobs.effects e
      set state = 'reserved', token = null, send_by = null, error = null, evidence = null, settled_at = null
      from gone g where e.job_id = g.id and e.state = 'rejected'
    )
    insert into hbnb_jobs.job_live (id, name, priority, run_at, run, token, lane, unique_key, suspect)
    select j.id, j.name, j.priority, now(), l.life * ${numbersPerLife}, l.life * ${numbersPerLife},
           concat_ws(chr(31), j.tenant, hbnb_jobs.key_of(t.lane_by, j.payload)), ${uniqueKeyInSql('j.tenant', 'hbnb_jobs.key_of(t.unique_by, j.payload)')},
           g.outcome = 'quarantined'
    from gone g join lives l using (id) join hbnb_jobs.jobs j using (id) left join hbnb_jobs.job_types t on t.name = j.name
    returning id, (select pg_notify('hbnb_jobs', ''))`,
}

const whyNotStatement = {
  name: 'retry-why-not',
  text: `
    select j.id, case
      when l.id is not null then 'open'
      when o.outcome in ('completed', 'skipped') then o.outcome::text
      else 'expired'
    end as answer
    from hbnb_jobs.jobs j left join hbnb_jobs.job_live l using (id) left join hbnb_jobs.job_outcomes o using (id)
    where j.id = any($1::uuid[]) and ($2::text is null or j.tenant = $2)`,
}

/** `open`: it goes on by itself. `expired`: it stopped being worth doing (`expires_at`). */
export type RetryAnswer = 'retried' | 'open' | 'completed' | 'skipped' | 'expired' | 'unknown-job'

/** How many jobs one call may take. */
export const maxRetriesPerCall = 1_000

/**
 * Lets jobs that failed, were cancelled or quarantined begin anew, of one tenant where it is given: attempts count from
 * nothing, how they had ended becomes part of their history. What took effect stays; what a provider refused is asked again.
 * A quarantined job runs alone. Answers per id what was done; takes at most {@link maxRetriesPerCall} ids.
 */
export async function retryEnded(
  run: RunStatement,
  ids: readonly string[],
  { tenant = null }: { readonly tenant?: string | null } = {},
): Promise<Map<string, RetryAnswer>> {
  if (ids.length > maxRetriesPerCall) throw new RangeError(`at most ${maxRetriesPerCall} jobs are retried in one call`)
  const answers = new Map<string, RetryAnswer>(ids.map(id => [id, 'unknown-job']))
  const retried = await run<{ id: string }>(retryStatement, [ids, tenant])
  for (const { id } of retried) answers.set(id, 'retried')
  const left = ids.filter(id => answers.get(id) !== 'retried')
  const reasons = left.length > 0 ? await run<{ id: string; answer: RetryAnswer }>(whyNotStatement, [left, tenant]) : []
  for (const { id, answer } of reasons) answers.set(id, answer)
  return answers
}

const failedStatement = {
  name: 'retry-failed-of',
  text: `
    select o.id from hbnb_jobs.job_outcomes o join hbnb_jobs.jobs j using (id)
    where o.outcome in ('failed', 'cancelled', 'quarantined') and o.outcome <> 'cancelled' and j.name = $1
      and (j.expires_at is null or j.expires_at > now())
    order by o.id limit $2`,
}

/** The oldest failed or quarantined jobs of one type that may still be retried; what people cancelled stays so. */
export async function retryableOf(run: RunStatement, name: string, limit: number): Promise<string[]> {
  return (await run<{ id: string }>(failedStatement, [name, limit])).map(({ id }) => id)
}
