import { isDataFault } from '../db/data-fault.ts'
import type { RunStatement } from '../db/statement.ts'
import { batcher } from './batcher.ts'

/** An error as the ledger keeps it: no stack, no vendor body, nothing personal. */
export interface StoredError {
  readonly name: string
  readonly code: string | null
  readonly message: string
}

/** How a run ends for good. */
export interface Finish {
  readonly kind: 'finish'
  readonly outcome: 'completed' | 'skipped' | 'failed' | 'cancelled' | 'quarantined'
  readonly result: unknown
  readonly reason: string | null
  readonly error: StoredError | null
}

/** How a run ends when the job goes on: `queued` keeps its copy in the queue, `accepted` and `parked` give it up. */
export interface Continue {
  readonly kind: 'continue'
  readonly state: 'queued' | 'accepted' | 'parked'
  readonly ending: 'retry' | 'not-yet' | 'busy' | 'handed-back' | 'parked' | 'crashed'
  readonly countsAsAttempt: boolean
  readonly delayMs: number
  readonly error: StoredError | null
}

export type Ending = Finish | Continue

interface Ended<E extends Ending> {
  readonly id: string
  readonly token: number
  readonly ending: E
}

/** Rows are looked up as claims are. */
const finishStatement = {
  name: 'finish',
  text: `
    with mine as materialized (
      select e.outcome, e.result, e.reason, e.error, l.*
      from (
        select * from unnest($1::uuid[], $2::int[], $3::text[], $4::jsonb[], $5::text[], $6::jsonb[])
          as e(id, token, outcome, result, reason, error)
        order by id
      ) as e
      cross join lateral (
        select j.id, j.attempts, j.owner, j.started_at, j.cancel_requested from hbnb_jobs.job_live j
        where j.id between e.id and e.id and j.token = e.token and j.state = 'running' order by j.id limit 1 for update
      ) as l
    ), gone as (
      delete from hbnb_jobs.job_live l where l.id = any(array(select id from mine))
    )
    insert into hbnb_jobs.job_outcomes (id, outcome, attempts, result, reason, error, owner, started_at)
    select id, outcome::hbnb_jobs.job_outcome, attempts + 1, result,
           coalesce(reason, case when cancel_requested and outcome = 'completed' then 'cancel came too late' end),
           error, owner, started_at
    from mine
    returning id`,
}

const continueStatement = {
  name: 'continue',
  text: `
    with mine as materialized (
      select e.state, e.ending, e.counts, e.delay_ms, e.error, e.token, l.*
      from (
        select * from unnest($1::uuid[], $2::int[], $3::text[], $4::text[], $5::boolean[], $6::bigint[], $7::jsonb[])
          as e(id, token, state, ending, counts, delay_ms, error)
        order by id
      ) as e
      cross join lateral (
        select j.id, j.attempts, j.owner, j.started_at from hbnb_jobs.job_live j
        where j.id between e.id and e.id and j.token = e.token and j.state = 'running' order by j.id limit 1 for update
      ) as l
    ), kept as (
      update hbnb_jobs.job_live l
      set state = e.state::hbnb_jobs.job_state,
          attempts = l.attempts + e.counts::int,
          run_at = case when e.state = 'queued' then l.run_at else now() + e.delay_ms * interval '1 ms' end,
          owner = null, changed_at = now(), last_error = coalesce(e.error, l.last_error),
          crashes = l.crashes + (e.ending = 'crashed')::int,
          -- A run that ended by itself has cleared the suspicion; one that was handed back has not run.
          suspect = l.suspect and e.ending in ('crashed', 'handed-back')
      from mine e where l.id between e.id and e.id
    )
    insert into hbnb_jobs.job_attempts (job_id, attempt, token, owner, started_at, ending, error, next_at)
    select id, attempts + 1, token, owner, started_at, ending, error, now() + delay_ms * interval '1 ms' from mine
    returning job_id as id`,
}

/** Ends runs for good, in one statement. Answers the ids whose token was still current. */
export async function finishRuns(run: RunStatement, ended: readonly Ended<Finish>[]): Promise<Set<string>> {
  const rows = await run<{ id: string }>(finishStatement, [
    ended.map(({ id }) => id),
    ended.map(({ token }) => token),
    ended.map(({ ending }) => ending.outcome),
    ended.map(({ ending }) => jsonOrNull(ending.result)),
    ended.map(({ ending }) => ending.reason),
    ended.map(({ ending }) => jsonOrNull(ending.error)),
  ])
  return new Set(rows.map(({ id }) => id))
}

async function continueRuns(run: RunStatement, ended: readonly Ended<Continue>[]): Promise<Set<string>> {
  const rows = await run<{ id: string }>(continueStatement, [
    ended.map(({ id }) => id),
    ended.map(({ token }) => token),
    ended.map(({ ending }) => ending.state),
    ended.map(({ ending }) => ending.ending),
    ended.map(({ ending }) => ending.countsAsAttempt),
    ended.map(({ ending }) => Math.round(ending.delayMs)),
    ended.map(({ ending }) => jsonOrNull(ending.error)),
  ])
  return new Set(rows.map(({ id }) => id))
}

const limits = { maxItems: 500, maxInFlight: 2 }

/**
 * Writes how runs end, under their tokens, in micro-batches. Resolves after the commit: false when the token was no
 * longer current, in which case nothing was written.
 */
export function outcomeWriter(run: RunStatement): (id: string, token: number, ending: Ending) => Promise<boolean> {
  const finish = batcher<Ended<Finish>, boolean>(
    limits,
    async ended => {
      const written = await finishRuns(run, ended)
      return ended.map(({ id }) => written.has(id))
    },
    isDataFault,
  )
  const carryOn = batcher<Ended<Continue>, boolean>(
    limits,
    async ended => {
      const written = await continueRuns(run, ended)
      return ended.map(({ id }) => written.has(id))
    },
    isDataFault,
  )
  return (id, token, ending) =>
    ending.kind === 'finish' ? finish({ id, token, ending }) : carryOn({ id, token, ending })
}

function jsonOrNull(value: unknown): string | null {
  return value === null || value === undefined ? null : JSON.stringify(value)
}
