import type { RunStatement } from '../db/statement.ts'
import { whileDatabaseIsAway } from '../db/database-away.ts'
import { batcher } from './batcher.ts'

/** A job as its runner sees it: the facts as they are now, and the token that proves the runner is the current one. */
export interface Claim {
  readonly id: string
  readonly name: string
  readonly version: number
  readonly payload: unknown
  readonly tenant: string
  readonly entity: string | null
  readonly parentId: string | null
  readonly run: number
  readonly token: number
  /** Attempts that ended before this one. */
  readonly attempts: number
  readonly cancelRequested: boolean
  readonly expired: boolean
  readonly traceparent: string | null
  readonly acceptedAt: Date
  readonly waitedMs: number
  /** Times a process died while it ran this job alone. */
  readonly crashes: number
  /** Its process died while it ran: it runs alone now. */
  readonly suspect: boolean
  /** Something of it may have happened outside already: it must be brought to its end, not skipped. */
  readonly hasEffects: boolean
  /** A newer waiting job of the same unique key: this one has nothing left to do. */
  readonly supersededBy: string | null
}

/**
 * One look by id for each copy, in id order. An id between itself and itself, in order, leaves the planner no index but the
 * one that begins with it: over an empty table all indexes look alike, and the plan made there outlives it. Facts on their way
 * from one partition to another are in neither for this statement: such a row is not claimed, and its copy counts as lost.
 */
const claimStatement = {
  name: 'claim',
  text: `
    with wanted as materialized (
      select l.*, j.version, j.payload, j.tenant, j.entity, j.parent_id, j.traceparent, j.accepted_at, j.expires_at
      from (select * from unnest($1::uuid[], $2::int[]) as w(id, run) order by id) as w
      cross join lateral (
        select j.id, j.name, j.run, j.token + 1 as token, j.attempts, j.cancel_requested, j.run_at, j.unique_key, j.crashes, j.suspect
        from hbnb_jobs.job_live j
        where j.id between w.id and w.id and j.run = w.run and j.state = 'queued' order by j.id limit 1 for update
      ) as l
      cross join lateral (select * from hbnb_jobs.jobs f where f.id = l.id limit 1) as j
    ), claimed as (
      update hbnb_jobs.job_live l
      set state = 'running', token = token + 1, owner = $3::int, changed_at = now(), started_at = now()
      where l.id = any(array(select id from wanted))
    )
    select c.id, c.name, c.version, c.payload, c.tenant, c.entity, c.run, c.token, c.attempts,
           c.cancel_requested as "cancelRequested", coalesce(c.expires_at < now(), false) as expired,
           c.parent_id as "parentId", c.traceparent, c.accepted_at as "acceptedAt",
           greatest(0, extract(epoch from now() - c.run_at) * 1000)::float8 as "waitedMs", c.crashes, c.suspect,
           c.token > 1 and exists (
             select from hbnb_jobs.effects e where e.job_id = c.id and e.state <> 'reserved'
           ) as "hasEffects",
           case when c.unique_key is not null then (
             select n.id from hbnb_jobs.job_live n
             where n.name = c.name and n.unique_key between c.unique_key and c.unique_key and n.id > c.id
               and n.state = 'accepted' and n.run_at <= now()
             order by n.unique_key desc, n.id desc limit 1
           ) end as "supersededBy"
    from wanted c`,
}

const maxClaimsPerBatch = 500
const maxBatchesInFlight = 2

/** Gives these runs up rather than back: a claim the server does only after this finds none of them. */
const unclaimStatement = {
  name: 'unclaim',
  text: `
    with mine as materialized (
      select l.id from (select * from unnest($1::uuid[], $2::int[]) as w(id, run) order by id) as w
      cross join lateral (
        select j.id from hbnb_jobs.job_live j
        where j.id between w.id and w.id and j.run = w.run
          and (j.state = 'queued' or (j.state = 'running' and j.owner = $3::int))
        order by j.id limit 1 for update
      ) as l
    )
    update hbnb_jobs.job_live l set state = 'accepted', owner = null, changed_at = now()
    where l.id = any(array(select id from mine))`,
}

/**
 * The executor's first step: `queued → running(owner, token + 1)` for exactly this run. Answers undefined when this
 * copy is not the current one (stale replica, rebuild, double delivery), which makes such copies harmless.
 * When the answer is lost the claim may stand without a runner, so it is undone before anybody hears of the failure.
 */
export function claimer(
  run: RunStatement,
  owner: () => number,
): (copy: { id: string; run: number }) => Promise<Claim | undefined> {
  return batcher({ maxItems: maxClaimsPerBatch, maxInFlight: maxBatchesInFlight }, async copies => {
    const me = owner()
    const wanted = [copies.map(copy => copy.id), copies.map(copy => copy.run), me]
    const rows = await run<Claim>(claimStatement, wanted).catch(async (error: unknown) => {
      await whileDatabaseIsAway(() => run(unclaimStatement, wanted))
      throw error
    })
    const byId = new Map(rows.map(row => [row.id, row]))
    return copies.map(({ id, run: current }) => {
      const claim = byId.get(id)
      if (claim?.run !== current) return undefined
      byId.delete(id) // Two copies of one run in one batch: the second finds nothing.
      return claim
    })
  })
}
