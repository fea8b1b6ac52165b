import type { RunStatement } from '../../db/statement.ts'

/** Where the next pass begins to look at a queue's lanes. */
export interface LaneCursor {
  readonly priority: number
  readonly lane: string
}

/** Before the first lane of all. */
export const firstLane: LaneCursor = { priority: 0, lane: '' }

const maxLanesPerPass = 500
/**
 * A lane's jobs in flight were due first, so its front tells whether there are any: as many rows as the lane's limit, a few
 * besides for rows that came back, and no more than these. What hides behind others costs no more than an early turn:
 * limits are counted anew when rows are picked. A lane whose jobs in flight have all been started has nothing before it in the
 * queue, so its next may go ahead; where the whole front is in flight, some behind it may still wait.
 */
const looksBesides = 3
const mostLooks = 20

/**
 * Lanes are found by hopping over the index from one (priority, lane) to the next: a lane costs a few probes however many
 * jobs wait in it. One whose limit of jobs in flight is reached is not due. `exists` is avoided: Postgres may answer it from a
 * hash of all waiting rows.
 */
const dueStatement = {
  name: 'relay-due',
  text: `
    with recursive wanted as (
      select * from unnest($1::text[], $2::smallint[], $3::text[], $5::int[]) as w(name, from_priority, from_lane, lane_limit)
    ), lanes(name, lane_limit, priority, lane, n) as (
      select w.name, w.lane_limit, f.priority, f.lane, 1
      from wanted w cross join lateral (
        select l.priority, l.lane from hbnb_jobs.job_live l
        where l.name = w.name and (l.priority, l.lane) > (w.from_priority, w.from_lane)
        order by l.priority, l.lane limit 1
      ) as f
      union all
      select s.name, s.lane_limit, f.priority, f.lane, s.n + 1
      from lanes s cross join lateral (
        select l.priority, l.lane from hbnb_jobs.job_live l
        where l.name = s.name and (l.priority, l.lane) > (s.priority, s.lane)
        order by l.priority, l.lane limit 1
      ) as f
      where s.n < $4
    ), looked as materialized (
      select l.*, (
        select 1 from hbnb_jobs.job_live j
        where j.name = l.name and j.priority = l.priority and j.lane = l.lane
          and j.state in ('accepted', 'parked') and j.run_at <= now()
        order by j.run_at, j.id limit 1
      ) is not null as has_due
      from lanes l
    ), counted as materialized (
      select l.*, front.in_flight, front.waiting > 0 or front.in_flight = front.looks as has_waiting
      from looked l cross join lateral (
        select count(*)::int as looks, (count(*) filter (where state = 'queued'))::int as waiting,
               (count(*) filter (where state in ('queued', 'running')))::int as in_flight
        from (
          select j.state from hbnb_jobs.job_live j
          where l.has_due and j.name = l.name and j.priority = l.priority and j.lane = l.lane and j.run_at <= now()
          order by j.run_at, j.id limit least(coalesce(l.lane_limit, 1) + ${looksBesides}, ${mostLooks})
        ) as rows
      ) as front
    ), due as (
      select c.*, c.has_due and c.in_flight < coalesce(c.lane_limit, ${mostLooks} + 1) as is_due from counted c
    )
    select name, max(n)::int as seen, (array_agg(priority order by n desc))[1] as "lastPriority",
           (array_agg(lane order by n desc))[1] as "lastLane",
           coalesce(array_agg(priority order by n) filter (where is_due), '{}') as priorities,
           coalesce(array_agg(lane order by n) filter (where is_due), '{}') as lanes,
           coalesce(array_agg(has_waiting order by n) filter (where is_due), '{}') as waiting
    from due group by name`,
}

/** Jobs of one tenant (and key) with one priority: they take turns with the other lanes. */
export interface DueLane {
  readonly priority: number
  readonly lane: string
  /** Copies of it wait in the queue to be started. */
  readonly hasWaiting: boolean
}

/** The lanes of one queue that have due rows, by priority, and where its next pass begins. */
export interface DueQueue {
  readonly name: string
  readonly lanes: readonly DueLane[]
  readonly next: LaneCursor
}

/** A queue to look at. Of each of its lanes at most `laneLimit` jobs may be in flight; null = no limit. */
export interface WantedQueue {
  readonly name: string
  readonly from: LaneCursor
  readonly laneLimit: number | null
}

interface SeenQueue {
  readonly name: string
  readonly seen: number
  readonly lastPriority: number
  readonly lastLane: string
  readonly priorities: readonly number[]
  readonly lanes: readonly string[]
  readonly waiting: readonly boolean[]
}

/** Looks which lanes of these queues have due rows: at most 500 of a queue in one pass. */
export async function dueQueues(run: RunStatement, wanted: readonly WantedQueue[]): Promise<DueQueue[]> {
  const rows = await run<SeenQueue>(dueStatement, [
    wanted.map(({ name }) => name),
    wanted.map(({ from }) => from.priority),
    wanted.map(({ from }) => from.lane),
    maxLanesPerPass,
    wanted.map(({ laneLimit }) => laneLimit),
  ])
  return rows.map(({ name, seen, lastPriority, lastLane, priorities, lanes, waiting }) => ({
    name,
    lanes: lanes.map((lane, index) => ({
      lane,
      priority: priorities[index] ?? 0,
      hasWaiting: waiting[index] ?? false,
    })),
    next: seen < maxLanesPerPass ? firstLane : { priority: lastPriority, lane: lastLane },
  }))
}
