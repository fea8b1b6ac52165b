import type { RunStatement } from '../../db/statement.ts'

/**
 * The lanes of some queues, found by hopping over the index from one (priority, lane) to the next: a lane costs one
 * probe however many jobs wait in it. At most `$n` lanes of a queue are looked at in one pass, from where the last one
 * stopped.
 */
const lanes = `
  lanes(name, priority, lane, n) as (
    select w.name, f.priority, f.lane, 1
    from wanted w cross join lateral (
      select l.priority, l.lane from hbnb_jobs.job_live l
      where l.name = w.name and (l.priority, l.lane) > (w.from_priority, w.from_lane)
      order by l.priority, l.lane limit 1
    ) as f
    union all
    select s.name, f.priority, f.lane, s.n + 1
    from lanes s cross join lateral (
      select l.priority, l.lane from hbnb_jobs.job_live l
      where l.name = s.name and (l.priority, l.lane) > (s.priority, s.lane)
      order by l.priority, l.lane limit 1
    ) as f
    where s.n < $4
  )`

const dueStatement = {
  name: 'relay-due',
  text: `
    with recursive wanted as (
      select * from unnest($1::text[], $2::smallint[], $3::text[]) as w(name, from_priority, from_lane)
    ), ${lanes}, due as (
      select l.name, l.n, l.priority, l.lane, exists (
        select from hbnb_jobs.job_live j
        where j.name = l.name and j.priority = l.priority and j.lane = l.lane
          and j.state in ('accepted', 'parked') and j.run_at <= now()
      ) as is_due
      from lanes l
    )
    select name, bool_or(is_due) as "isDue", max(n)::int as lanes,
           (array_agg(priority order by n desc))[1] as "lastPriority", (array_agg(lane order by n desc))[1] as "lastLane"
    from due group by name`,
}

/** Rows of one lane looked at to see whether it has jobs in flight: those are at its front. */
const inFlightLook = 1_000

/** Of a lane with nothing in flight, so many jobs go before what already waits in the queue. */
const firstTurns = 10

const pickStatement = {
  name: 'relay-pick',
  text: `
    with recursive wanted as (
      select * from unnest($1::text[], $2::smallint[], $3::text[], $5::int[], $6::int[], $7::int[])
        as w(name, from_priority, from_lane, room, ordinary_room, lane_limit)
    ), ${lanes}, inside as (
      select l.name, l.priority, l.lane, w.room, w.ordinary_room, w.lane_limit, (
        select count(*)::int from (
          select j.state from hbnb_jobs.job_live j
          where j.name = l.name and j.priority = l.priority and j.lane = l.lane
          order by j.run_at, j.id limit ${inFlightLook}
        ) as front where front.state in ('queued', 'running')
      ) as in_flight
      from lanes l join wanted w using (name)
    ), turns as (
      select i.name, i.priority, i.in_flight = 0 as is_new, i.room, i.ordinary_room, c.id, c.run_at,
             row_number() over (partition by i.name, i.priority, i.lane order by c.run_at, c.id) + least(i.in_flight, 1) as turn
      from inside i cross join lateral (
        select j.id, j.run_at from hbnb_jobs.job_live j
        where j.name = i.name and j.priority = i.priority and j.lane = i.lane
          and j.state in ('accepted', 'parked') and j.run_at <= now()
          and (i.in_flight = 0 or i.priority < 5 or i.ordinary_room > 0)
          and (j.unique_key is null or not exists (
            select from hbnb_jobs.job_live other
            where other.name = j.name and other.unique_key = j.unique_key and other.id <> j.id
              and (other.state in ('queued', 'running') or (other.state = 'accepted' and other.id > j.id and other.run_at <= now()))
          ))
        order by j.run_at, j.id
        limit least(i.room, i.lane_limit - case when i.lane_limit is null then 0 else i.in_flight end)
      ) as c
    ), placed as (
      select id, room, ordinary_room, (is_new and turn <= ${firstTurns} and priority = 5) or priority < 5 as goes_ahead,
             row_number() over (partition by name order by priority, turn, run_at, id) as place
      from turns
    ), picked as materialized (
      select l.id, p.goes_ahead from hbnb_jobs.job_live l join placed p using (id)
      where p.place <= case when p.goes_ahead then p.room else p.ordinary_room end
        and l.state in ('accepted', 'parked')
      order by l.id for update of l skip locked
    ), queued as (
      update hbnb_jobs.job_live l set state = 'queued', run = run + 1, owner = null, changed_at = now()
      from picked p where l.id = p.id
      returning l.id, l.name, l.run, l.priority, l.run_at, l.crashes, p.goes_ahead
    )
    select q.id, q.name, q.run, q.goes_ahead as "goesAhead", q.crashes, j.traceparent
    from queued q join hbnb_jobs.jobs j using (id) order by q.priority, q.run_at, q.id`,
}

/** Rows of one lane examined for newer ones of the same key in one pass. */
const supersedeLook = 500

const supersedeStatement = {
  name: 'relay-supersede',
  text: `
    with recursive wanted as (
      select * from unnest($1::text[], $2::smallint[], $3::text[]) as w(name, from_priority, from_lane)
    ), ${lanes}, older as materialized (
      select l.id, l.attempts, c.by
      from (
        select f.id, newest.id as by from lanes a
        cross join lateral (
          select j.id, j.name, j.unique_key from hbnb_jobs.job_live j
          where j.name = a.name and j.priority = a.priority and j.lane = a.lane and j.state = 'accepted' and j.run_at <= now()
          order by j.run_at, j.id limit ${supersedeLook}
        ) as f
        cross join lateral (
          select n.id from hbnb_jobs.job_live n
          where n.name = f.name and n.unique_key = f.unique_key and n.state = 'accepted' and n.run_at <= now()
          order by n.id desc limit 1
        ) as newest
        where newest.id > f.id
      ) as c
      join hbnb_jobs.job_live l on l.id = c.id
      where l.state = 'accepted' order by l.id for update of l skip locked
    ), gone as (
      delete from hbnb_jobs.job_live l using older o where l.id = o.id returning l.id, o.attempts, o.by
    )
    insert into hbnb_jobs.job_outcomes (id, outcome, attempts, reason)
    select id, 'skipped', attempts, 'superseded by ' || by from gone returning id`,
}

/** Where the next pass begins to look at a queue's lanes. */
export interface LaneCursor {
  readonly priority: number
  readonly lane: string
}

/** Before the first lane of all. */
export const firstLane: LaneCursor = { priority: 0, lane: '' }
const maxLanesPerPass = 1_000

/** What one queue has due, and where its next pass begins. */
export interface DueQueue {
  readonly name: string
  readonly isDue: boolean
  readonly next: LaneCursor
}

/** Looks which queues have due rows, in some of their lanes. */
export async function dueQueues(
  run: RunStatement,
  wanted: readonly { readonly name: string; readonly from: LaneCursor }[],
): Promise<DueQueue[]> {
  const rows = await run<{ name: string; isDue: boolean; lanes: number; lastPriority: number; lastLane: string }>(
    dueStatement,
    [
      wanted.map(({ name }) => name),
      wanted.map(({ from }) => from.priority),
      wanted.map(({ from }) => from.lane),
      maxLanesPerPass,
    ],
  )
  return rows.map(({ name, isDue, lanes: seen, lastPriority, lastLane }) => ({
    name,
    isDue,
    next: seen < maxLanesPerPass ? firstLane : { priority: lastPriority, lane: lastLane },
  }))
}

/** A row just set to `queued`: what its copy in the queue is made of. */
export interface QueuedRow {
  readonly id: string
  readonly name: string
  readonly run: number
  /** A higher priority, or a lane with nothing in flight yet: goes before what already waits in the queue. */
  readonly goesAhead: boolean
  readonly crashes: number
  readonly traceparent: string | null
}

/** How much of one queue may be picked. */
export interface Room {
  readonly name: string
  readonly from: LaneCursor
  readonly room: number
  /** Without the share kept for those who go ahead. */
  readonly ordinaryRoom: number
  /** Of one lane, at most this many in flight; null = no limit. */
  readonly laneLimit: number | null
}

/** One commit sets due rows `queued, run + 1`: by priority, then a turn for each lane, then by due time. */
export async function pickRows(run: RunStatement, rooms: readonly Room[]): Promise<QueuedRow[]> {
  return await run<QueuedRow>(pickStatement, [
    rooms.map(({ name }) => name),
    rooms.map(({ from }) => from.priority),
    rooms.map(({ from }) => from.lane),
    maxLanesPerPass,
    rooms.map(({ room }) => room),
    rooms.map(({ ordinaryRoom }) => ordinaryRoom),
    rooms.map(({ laneLimit }) => laneLimit),
  ])
}

/** Ends waiting rows that a newer one of the same unique key replaces. Answers how many. */
export async function supersedeOlder(
  run: RunStatement,
  wanted: readonly { readonly name: string; readonly from: LaneCursor }[],
): Promise<number> {
  if (wanted.length === 0) return 0
  const values = [
    wanted.map(({ name }) => name),
    wanted.map(({ from }) => from.priority),
    wanted.map(({ from }) => from.lane),
  ]
  return (await run(supersedeStatement, [...values, maxLanesPerPass])).length
}
