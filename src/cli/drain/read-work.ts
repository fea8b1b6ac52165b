import type { RunStatement } from '../../db/statement.ts'

/** What is left to do in some queues. */
export interface WorkLeft {
  /** Due, running or to be tried again: what a drain waits for. */
  readonly open: number
  /** Due at a later time: it stays. */
  readonly later: number
}

const leftStatement = {
  name: 'drain-left',
  text: `
    select count(*) filter (where state in ('queued', 'running', 'parked') or attempts > 0 or run_at <= now())::int as open,
           count(*) filter (where state = 'accepted' and attempts = 0 and run_at > now())::int as later
    from hbnb_jobs.job_live where name = any($1::text[])`,
}

/** Counts what is left in these queues. */
export async function workLeft(run: RunStatement, names: readonly string[]): Promise<WorkLeft> {
  const [left] = await run<WorkLeft>(leftStatement, [names])
  return left ?? { open: 0, later: 0 }
}

const pausedStatement = {
  name: 'drain-paused',
  text: 'select name from hbnb_jobs.queue_settings where paused_at is not null and name = any($1::text[]) order by name',
}

/** Which of these queues are paused, and so never empty. */
export async function pausedAmong(run: RunStatement, names: readonly string[]): Promise<string[]> {
  return (await run<{ name: string }>(pausedStatement, [names])).map(({ name }) => name)
}

/** How a process stands: `gone` has said farewell, or was silent for too long. */
export interface ProcessStand {
  readonly state: 'running' | 'draining' | 'gone'
  readonly kind: string
  readonly running_jobs: number
}

const standStatement = {
  name: 'drain-process',
  text: `
    select case when p.ended_at is not null then 'gone' when p.draining_at is not null then 'draining' else 'running' end as state,
           p.kind, (select count(*)::int from hbnb_jobs.job_live where owner = p.id and state = 'running') as running_jobs
    from hbnb_jobs.processes p where p.id = $1`,
}

/** Undefined when there never was such a process. */
export async function standOf(run: RunStatement, processId: number): Promise<ProcessStand | undefined> {
  const [stand] = await run<ProcessStand>(standStatement, [processId])
  return stand
}

const askStatement = {
  name: 'drain-ask',
  text: `
    update hbnb_jobs.processes set draining_at = coalesce(draining_at, now())
    where id = $1 and kind = 'worker' and ended_at is null returning id`,
}

/** Asks a worker to stop as at SIGTERM; it sees it at its next heartbeat. False when no such worker is alive. */
export async function askToDrain(run: RunStatement, processId: number): Promise<boolean> {
  return (await run(askStatement, [processId])).length > 0
}
