import type { RunStatement } from '../db/statement.ts'
import { crashedAfterMs } from './processes.ts'

/** How long past its deadline an effect may still be on its way before its outcome counts as unknown. */
export const sendMarginMs = 5_000

/** A judgement held up for longer on its way (a frozen server, a stalled network) says nothing: so were the heartbeats. */
const judgeWithinMs = 2_000

const clockStatement = { name: 'sweep-clock', text: `select now()::text as now` }

const judgeStatement = {
  name: 'sweep-judge',
  text: `
    update hbnb_jobs.processes set ended_at = now()
    where ended_at is null and beat_at < now() - $1 * interval '1 ms'
      and now() < $2::timestamptz + $3 * interval '1 ms' returning id`,
}

const endedStatement = {
  name: 'sweep-ended',
  text: `select id from hbnb_jobs.processes where swept_at is null and ended_at is not null order by id`,
}

/**
 * Owners change in no index, so this scans `job_live`: it runs only when a process has ended. A row somebody has locked
 * is left for the next sweep, and so is its process.
 */
const freeStatement = {
  name: 'sweep-free',
  text: `
    with orphaned as materialized (
      select l.id, l.token, l.owner, l.attempts, l.started_at from hbnb_jobs.job_live l
      where l.owner = any($1::int[]) and l.state = 'running' order by l.id for update of l skip locked
    ), freed as (
      update hbnb_jobs.job_live l
      set state = 'accepted', owner = null, suspect = true, changed_at = now(), run_at = least(l.run_at, now())
      from orphaned o where l.id = o.id returning l.id
    ), noted as (
      insert into hbnb_jobs.job_attempts (job_id, attempt, token, owner, started_at, ending, error, next_at)
      select id, attempts + 1, token, owner, started_at, 'crashed',
             '{"name": "Crash", "code": "worker-crashed", "message": "the worker process ended without finishing this run"}', now()
      from orphaned
    ), swept as (
      update hbnb_jobs.processes p set swept_at = now()
      where p.id = any($1::int[]) and not exists (
        select from hbnb_jobs.job_live l
        where l.owner = p.id and l.state = 'running' and l.id not in (select id from orphaned)
      )
    )
    select id from freed`,
}

/** A claim that committed after its process was swept: rare, and worth a scan only now and then. */
const stragglersStatement = {
  name: 'sweep-stragglers',
  text: `
    select distinct p.id from hbnb_jobs.job_live l join hbnb_jobs.processes p on p.id = l.owner
    where l.state = 'running' and p.ended_at is not null`,
}

const overdueEffectsStatement = {
  name: 'sweep-effects',
  text: `
    with overdue as materialized (
      select id from hbnb_jobs.effects
      where state = 'sending' and send_by < now() - $1 * interval '1 ms' order by id for update skip locked
    )
    update hbnb_jobs.effects e set state = 'unknown', unknown_at = now() from overdue o where e.id = o.id returning e.id`,
}

/** What one sweep mended; every figure is worth a log line when it is not zero. */
export interface Swept {
  readonly crashedProcesses: number
  readonly freedJobs: number
  readonly overdueEffects: number
}

/**
 * Takes back what ended processes owned, and calls overdue effects what they are: unknown. Missing heartbeats are held
 * against a process only when `mayJudge`: after an outage of Postgres itself everybody's are missing.
 */
export async function sweepCrashes(run: RunStatement, { mayJudge }: { mayJudge: boolean }): Promise<Swept> {
  const crashed = mayJudge ? await judge(run) : 0
  const ended = await run<{ id: number }>(endedStatement)
  const freed = await freeOwnedBy(run, ended)
  const overdue = await run(overdueEffectsStatement, [sendMarginMs])
  return { crashedProcesses: crashed, freedJobs: freed, overdueEffects: overdue.length }
}

/** Ends processes that have been silent for too long, by a look at the database's clock just before. Answers how many. */
async function judge(run: RunStatement): Promise<number> {
  const askedAtMs = performance.now()
  const [clock] = await run<{ now: string }>(clockStatement)
  if (clock === undefined || performance.now() - askedAtMs > judgeWithinMs) return 0
  return (await run(judgeStatement, [crashedAfterMs, clock.now, judgeWithinMs])).length
}

/** Finds rows that still run under a process that has ended and was swept before. Answers how many it took back. */
export async function sweepStragglers(run: RunStatement): Promise<number> {
  return await freeOwnedBy(run, await run<{ id: number }>(stragglersStatement))
}

async function freeOwnedBy(run: RunStatement, processes: readonly { readonly id: number }[]): Promise<number> {
  return processes.length === 0 ? 0 : (await run(freeStatement, [processes.map(({ id }) => id)])).length
}
