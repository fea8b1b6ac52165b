import type { RunStatement } from '../../db/statement.ts'

/** Where Bull Board shows a job. Parked jobs are its `waiting-children`: they wait for somebody else, not for a worker. */
export const boardColumns = ['active', 'waiting', 'waiting-children', 'completed', 'failed', 'delayed'] as const
export type BoardColumn = (typeof boardColumns)[number]

/** The column of an open job, over `job_live l`. What waits in its queue for a short retry is delayed, as BullMQ would say. */
export const columnSql = `
  case
    when l.state = 'running' then 'active'
    when l.state = 'parked' then 'waiting-children'
    when (l.state = 'accepted' and l.run_at > now()) or (l.state = 'queued' and l.attempts > 0) then 'delayed'
    else 'waiting'
  end`

/** So many rows of a queue, the first in its order, are looked at: beyond them a count says at least this many. */
const maxLook = 100_000

const openOf = (name: string): string => `
  select l.id, l.priority, l.run_at, ${columnSql} as col from hbnb_jobs.job_live l
  where l.name = ${name} order by l.name, l.priority, l.lane, l.run_at, l.id limit ${maxLook}`

const endedBadly = `
  select j.name, b.id, b.finished_at from (
    select id, finished_at from hbnb_jobs.job_outcomes
    where outcome in ('failed', 'cancelled', 'quarantined') order by id desc limit ${maxLook}
  ) b join hbnb_jobs.jobs j using (id)`

/** How one queue stands, but for what has completed. */
export interface QueueStand {
  readonly name: string
  readonly counts: Partial<Record<BoardColumn, number>>
  readonly isPaused: boolean
  /** Set by an operator, in place of the contract's. */
  readonly concurrency: number | null
  readonly schedules: number
}

const standsStatement = {
  name: 'board-stands',
  text: `
    with wanted as (select distinct unnest($1::text[]) as name), bad as (
      select name, count(*)::int as jobs from (${endedBadly}) e group by name
    )
    select w.name, jsonb_build_object('failed', coalesce(b.jobs, 0)) || (
             select coalesce(jsonb_object_agg(col, jobs), '{}') from (
               select col, count(*) as jobs from (${openOf('w.name')}) o group by col) c) as counts,
           s.paused_at is not null as "isPaused", s.concurrency,
           (select count(*)::int from hbnb_jobs.schedules t where t.job_name = w.name and t.removed_at is null) as schedules
    from wanted w left join bad b using (name) left join hbnb_jobs.queue_settings s using (name)`,
}

/** How these queues stand, in the order of the names. */
export async function queueStands(run: RunStatement, names: readonly string[]): Promise<QueueStand[]> {
  const rows = await run<QueueStand>(standsStatement, [names])
  const byName = new Map(rows.map(row => [row.name, row]))
  return names.map(name => byName.get(name) ?? { name, counts: {}, isPaused: false, concurrency: null, schedules: 0 })
}

const openStatement = {
  name: 'board-open',
  text: `
    select id from (
      select o.id, row_number() over (order by case when col = 'delayed' then 0 else priority end, run_at, id) as place
      from (${openOf('$1')}) o where col = $2
    ) p where place > $3 and place <= $4 order by place`,
}

const endedBadlyStatement = {
  name: 'board-ended-badly',
  text: `select id from (${endedBadly}) e where name = $1 order by finished_at desc, id limit $3 offset $2`,
}

/** A page of the ids in one column of a queue, from place `start` to `end`, both counted from 0 and inside. */
export async function idsInColumn(
  run: RunStatement,
  name: string,
  column: Exclude<BoardColumn, 'completed'>,
  { start, end }: { readonly start: number; readonly end: number },
): Promise<string[]> {
  const rows =
    column === 'failed'
      ? await run<{ id: string }>(endedBadlyStatement, [name, start, end - start + 1])
      : await run<{ id: string }>(openStatement, [name, column, start, end + 1])
  return rows.map(({ id }) => id)
}
