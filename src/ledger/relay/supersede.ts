import type { RunStatement } from '../../db/statement.ts'
import type { DueLane } from './lanes.ts'
import { inTurn } from './shares.ts'

/** Rows examined for newer ones of the same key in one pass of one queue, divided between its lanes. */
const looksPerPass = 1_000
const fewestLooksPerLane = 10

/** Keys lie between themselves for the reason told at the pick. */
const supersedeStatement = {
  name: 'relay-supersede',
  text: `
    with wanted as (
      select * from unnest($1::text[], $2::smallint[], $3::text[], $4::int[]) as w(name, priority, lane, look)
    ), found as materialized (
      select f.id, newest.id as by from wanted w
      cross join lateral (
        select j.id, j.name, j.unique_key from hbnb_jobs.job_live j
        where j.name = w.name and j.priority = w.priority and j.lane = w.lane and j.state = 'accepted' and j.run_at <= now()
        order by j.run_at, j.id limit w.look
      ) as f
      cross join lateral (
        select n.id from hbnb_jobs.job_live n
        where n.name = f.name and n.unique_key between f.unique_key and f.unique_key and n.id > f.id and n.state = 'accepted' and n.run_at <= now()
        order by n.unique_key desc, n.id desc limit 1
      ) as newest
      order by f.id
    ), older as materialized (
      select f.id, f.by, l.attempts
      from unnest(array(select id from found), array(select by from found)) as f(id, by)
      cross join lateral (
        select l.attempts from hbnb_jobs.job_live l
        where l.id between f.id and f.id and l.state = 'accepted'
          -- What may have happened outside already is brought to its end.
          and not exists (select from hbnb_jobs.effects e where e.job_id between f.id and f.id and e.state <> 'reserved')
        order by l.id limit 1 for update skip locked
      ) as l
    ), gone as (
      delete from hbnb_jobs.job_live l where l.id = any(array(select id from older))
    )
    insert into hbnb_jobs.job_outcomes (id, outcome, attempts, reason)
    select id, 'skipped', attempts, 'superseded by ' || by from older returning id`,
}

/**
 * Ends waiting rows that a newer one of the same unique key replaces, among the first of each lane; `turn` says with which
 * lane to begin. Answers how many.
 */
export async function supersedeOlder(
  run: RunStatement,
  queues: readonly { readonly name: string; readonly lanes: readonly DueLane[]; readonly turn: number }[],
): Promise<number> {
  const looks = queues.flatMap(({ name, lanes, turn }) => {
    const look = Math.max(fewestLooksPerLane, Math.floor(looksPerPass / Math.max(1, lanes.length)))
    return inTurn(lanes, turn)
      .slice(0, looksPerPass / fewestLooksPerLane)
      .map(({ priority, lane }) => ({ name, priority, lane, look }))
  })
  if (looks.length === 0) return 0
  const values = [
    looks.map(({ name }) => name),
    looks.map(({ priority }) => priority),
    looks.map(({ lane }) => lane),
    looks.map(({ look }) => look),
  ]
  return (await run(supersedeStatement, values)).length
}
