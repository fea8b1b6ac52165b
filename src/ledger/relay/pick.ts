import type { RunStatement } from '../../db/statement.ts'
import type { Room, Share } from './shares.ts'

/** Rows of one lane and priority looked at to count what is in flight: those were due first. */
const inFlightLook = 1_000

/** Of a lane with nothing waiting in the queue, so many jobs go before what does. */
const firstTurns = 10

/**
 * Rows of one lane looked at for each that may be picked, and besides: those behind a key that is in flight or that a newer
 * one replaces are passed over. However many there are, a pick stays short.
 */
const looksPerPick = 3
const looksBesides = 10

/**
 * Candidates are limited before they are locked, so that of two relays that pick from one lane at once the later finds its
 * candidates taken, instead of filling the lane's limit with others. Their ids travel through arrays: the planner then
 * probes for each, however many it expects. A key between itself and itself, in order, leaves it no index but the one that
 * begins with that key: over an empty table all indexes look alike.
 */
const pickStatement = {
  name: 'relay-pick',
  text: `
    with shares as (
      select * from unnest($1::text[], $2::text[], $3::smallint[], $4::smallint[], $5::boolean[], $6::int[], $7::int[])
        as s(name, lane, low, high, is_new, most, lane_limit)
    ), rooms as (
      select * from unnest($8::text[], $9::int[], $10::int[], $11::int[], $12::int[], $13::smallint[])
        as r(name, total, urgent_room, new_room, ordinary_room, usual)
    ), open as materialized (
      select s.*, case when s.lane_limit is null then s.most else least(s.most, greatest(0, s.lane_limit - (
        select count(*)::int from (
          select from generate_series(1, 9) as p(priority) cross join lateral (
            select j.state from hbnb_jobs.job_live j
            where j.name = s.name and j.priority = p.priority::smallint and j.lane = s.lane and j.run_at <= now()
            order by j.run_at, j.id limit ${inFlightLook}
          ) as front
          where front.state in ('queued', 'running') limit s.lane_limit
        ) as in_flight
      ))) end as free
      from shares s
    ), turns as (
      select o.name, o.is_new, c.id, c.priority, c.run_at,
             row_number() over (partition by o.name, o.lane, o.low order by c.priority, c.run_at, c.id) as turn
      from open o cross join lateral (
        select f.id, f.priority, f.run_at from generate_series(o.low::int, o.high::int) as p(priority) cross join lateral (
          select j.id, j.priority, j.run_at from (
            select * from hbnb_jobs.job_live l
            where l.name = o.name and l.priority = p.priority::smallint and l.lane = o.lane
              and l.state in ('accepted', 'parked') and l.run_at <= now()
            order by l.run_at, l.id limit o.free * ${looksPerPick} + ${looksBesides}
          ) as j
          where j.unique_key is null or ((
            select 1 from hbnb_jobs.job_live newer
            where newer.name = j.name and newer.unique_key between j.unique_key and j.unique_key and newer.id > j.id
              and newer.state = 'accepted' and newer.run_at <= now()
            order by newer.unique_key, newer.id limit 1
          ) is null and (
            select 1 from hbnb_jobs.job_live other
            where other.name = j.name and other.unique_key between j.unique_key and j.unique_key and other.id <> j.id
              and other.state in ('queued', 'running')
            order by other.unique_key, other.id limit 1
          ) is null)
          order by j.run_at, j.id limit o.free
        ) as f
        order by f.priority, f.run_at, f.id limit o.free
      ) as c
    ), placed as (
      select t.id, t.name, r.total, r.urgent_room, r.new_room, r.ordinary_room,
             case when t.priority < r.usual then 'urgent'
                  when t.priority = r.usual and t.is_new and t.turn <= ${firstTurns} then 'new'
                  else 'usual' end as kind,
             row_number() over (partition by t.name order by t.priority, t.turn + (not t.is_new)::int, t.run_at, t.id) as place
      from turns t join rooms r using (name)
    ), ahead as (
      select p.*, row_number() over (partition by p.name, p.kind order by p.place)
                  <= case p.kind when 'urgent' then p.urgent_room when 'new' then p.new_room else 0 end as goes_ahead
      from placed p
    ), ranked as (
      select a.*, row_number() over (partition by a.name order by a.goes_ahead desc, a.place) as overall,
             row_number() over (partition by a.name, a.goes_ahead order by a.place) as rank
      from ahead a where a.goes_ahead or a.kind <> 'urgent'
    ), chosen as materialized (
      select id, case when goes_ahead then kind else 'usual' end as kind, place from ranked
      where overall <= total and (goes_ahead or rank <= ordinary_room) order by id
    ), picked as materialized (
      select l.*, j.traceparent, c.kind, c.place
      from unnest(array(select id from chosen), array(select kind from chosen), array(select place from chosen))
        as c(id, kind, place)
      cross join lateral (
        select j.id, j.name, j.run + 1 as run, j.crashes from hbnb_jobs.job_live j
        where j.id between c.id and c.id and j.state in ('accepted', 'parked') order by j.id limit 1 for update skip locked
      ) as l
      -- Facts on their way from one partition to another are in neither for this statement; the next pass finds them.
      cross join lateral (select traceparent from hbnb_jobs.jobs f where f.id = l.id limit 1) as j
    ), queued as (
      update hbnb_jobs.job_live l set state = 'queued', run = run + 1, owner = null, changed_at = now()
      where l.id = any(array(select id from picked))
    )
    select p.id, p.name, p.run, p.kind as turn, p.crashes, p.traceparent
    from picked p
    order by p.kind = 'usual', p.kind = 'new', p.place`,
}

/** A row just set to `queued`: what its copy in the queue is made of. */
export interface QueuedRow {
  readonly id: string
  readonly name: string
  readonly run: number
  /** Urgent rows and the first of a new lane go before what already waits in the queue. */
  readonly turn: 'urgent' | 'new' | 'usual'
  readonly crashes: number
  readonly traceparent: string | null
}

/** One commit sets due rows `queued, run + 1`: by priority, then a turn for each lane, then by due time. */
export async function pickRows(
  run: RunStatement,
  rooms: readonly Room[],
  shares: readonly Share[],
): Promise<QueuedRow[]> {
  if (shares.length === 0) return []
  return await run<QueuedRow>(pickStatement, [
    shares.map(({ name }) => name),
    shares.map(({ lane }) => lane),
    shares.map(({ low }) => low),
    shares.map(({ high }) => high),
    shares.map(({ isNew }) => isNew),
    shares.map(({ most }) => most),
    shares.map(({ laneLimit }) => laneLimit),
    rooms.map(({ name }) => name),
    rooms.map(({ total }) => total),
    rooms.map(({ urgentRoom }) => urgentRoom),
    rooms.map(({ newRoom }) => newRoom),
    rooms.map(({ ordinaryRoom }) => ordinaryRoom),
    rooms.map(({ usualPriority }) => usualPriority),
  ])
}
