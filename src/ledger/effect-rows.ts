import { v7 } from 'uuid'
import type { RunStatement } from '../db/statement.ts'
import type { StoredError } from './outcome.ts'

export type EffectState = 'reserved' | 'sending' | 'accepted' | 'rejected' | 'unknown'

/** One outside effect of a job, as the ledger has it. */
export interface EffectRow {
  /** Given to the provider (idempotency key, custom argument), so that its answers find this row again. */
  readonly id: string
  readonly key: string
  readonly state: EffectState
  readonly sends: number
  readonly providerId: string | null
  readonly error: StoredError | null
  readonly reservedAt: Date
  readonly sentAt: Date | null
  /** By the database's clock: how long ago it became unknown; null unless `unknown`. */
  readonly unknownForMs: number | null
  /** By the database's clock: how long until a send in flight must have ended; null unless `sending`. */
  readonly sendingForMs: number | null
  /** An `unknown` that policy has closed: nothing more will be tried. */
  readonly closed: boolean
}

const columns = `
  e.id, e.key, e.state, e.sends, e.provider_id as "providerId", e.error, e.reserved_at as "reservedAt", e.sent_at as "sentAt",
  (extract(epoch from now() - e.unknown_at) * 1000)::float8 as "unknownForMs",
  case when e.state = 'sending' then (extract(epoch from e.send_by - now()) * 1000)::float8 end as "sendingForMs",
  e.state = 'unknown' and e.settled_at is not null as closed`

const reserveStatement = {
  name: 'effect-reserve',
  text: `
    with added as (
      insert into hbnb_jobs.effects as e (id, job_id, key, provider)
      select id, $1::uuid, key, $2 from unnest($3::uuid[], $4::text[]) as n(id, key)
      on conflict (job_id, key) do nothing
      returning e.*
    )
    select ${columns} from added e
    union all
    select ${columns} from hbnb_jobs.effects e where job_id = $1::uuid and key = any($4::text[])`,
}

/** Makes missing rows `reserved` and answers all of them, in the order of the keys. */
export async function reserveEffects(
  run: RunStatement,
  jobId: string,
  provider: string,
  keys: readonly string[],
): Promise<EffectRow[]> {
  const rows = await run<EffectRow>(reserveStatement, [jobId, provider, keys.map(() => v7()), keys])
  const byKey = new Map(rows.map(row => [row.key, row]))
  return keys.map(key => {
    const row = byKey.get(key)
    if (!row) throw new Error(`effect ${key} was reserved but not answered`)
    return row
  })
}

const beginStatement = {
  name: 'effect-begin',
  text: `
    with runner as materialized (
      select id from hbnb_jobs.job_live
      where id = $1 and token = $2 and state = 'running' and not cancel_requested for update
    ), mine as materialized (
      select e.id from hbnb_jobs.effects e join runner r on e.job_id = r.id
      where e.id = any($3::uuid[]) and e.state = 'reserved' order by e.id for update of e
    )
    update hbnb_jobs.effects e
    set state = 'sending', token = $2, send_by = now() + $4 * interval '1 ms', sends = sends + 1, sent_at = now(),
        unknown_at = null, error = null
    from mine m where e.id = m.id returning e.id`,
}

/** `reserved → sending`, only for the current runner of a job nobody asked to cancel. Answers the ids it may send. */
export async function beginEffects(
  run: RunStatement,
  claim: { id: string; token: number },
  effectIds: readonly string[],
  sendWithinMs: number,
): Promise<Set<string>> {
  const rows = await run<{ id: string }>(beginStatement, [claim.id, claim.token, effectIds, sendWithinMs])
  return new Set(rows.map(({ id }) => id))
}

/** How a send ended, to be written on its row. */
export interface EffectEnd {
  readonly id: string
  readonly state: Exclude<EffectState, 'sending'>
  readonly providerId: string | null
  readonly error: StoredError | null
  /** What the state rests on: `answer` of the call, `event` of a webhook, `lookup` by settlement, `policy`. */
  readonly evidence: 'answer' | 'event' | 'lookup' | 'policy'
  /** Settlement speaks of the send it asked about: of a later one it knows nothing. Null for answers and events. */
  readonly expectedSends: number | null
}

const endStatement = {
  name: 'effect-end',
  text: `
    with ended as (
      select * from unnest($1::uuid[], $2::text[], $3::text[], $4::jsonb[], $5::text[], $7::int[])
        as n(id, state, provider_id, error, evidence, expected_sends)
    ), mine as materialized (
      select e.id from hbnb_jobs.effects e join ended n using (id)
      where (n.state = 'accepted' and e.state <> 'accepted')
         or (e.state in ('sending', 'unknown') and e.token = $6 and n.evidence = 'answer')
         or (e.state = 'unknown' and n.evidence in ('lookup', 'policy') and e.sends = n.expected_sends)
      order by e.id for update of e
    )
    update hbnb_jobs.effects e
    set state = n.state::hbnb_jobs.effect_state,
        provider_id = coalesce(n.provider_id, e.provider_id), error = n.error, evidence = n.evidence,
        -- What surely was not sent is not counted as a send.
        sends = e.sends - (n.state = 'reserved' and n.evidence = 'answer' and e.sends > 0)::int,
        unknown_at = case when n.state = 'unknown' then coalesce(e.unknown_at, now()) end,
        settled_at = case when n.state in ('accepted', 'rejected') or (n.state = 'unknown' and n.evidence = 'policy') then now() end
    from mine m join ended n using (id) where e.id = m.id
    returning e.id, e.job_id as "jobId"`,
}

/**
 * Writes ends: the sender's own (under its token), settlement's (from `unknown`), and late evidence of `accepted`, which
 * is taken from anyone at any time. Answers the rows that changed.
 */
export async function endEffects(
  run: RunStatement,
  ends: readonly EffectEnd[],
  token: number | null,
): Promise<{ id: string; jobId: string }[]> {
  return await run(endStatement, [
    ends.map(({ id }) => id),
    ends.map(({ state }) => state),
    ends.map(({ providerId }) => providerId),
    ends.map(({ error }) => (error === null ? null : JSON.stringify(error))),
    ends.map(({ evidence }) => evidence),
    token,
    ends.map(({ expectedSends }) => expectedSends),
  ])
}

const wakeStatement = {
  name: 'effect-wake',
  text: `
    with parked as materialized (
      select id from hbnb_jobs.job_live where id = any($1::uuid[]) and state = 'parked' order by id for update
    )
    update hbnb_jobs.job_live l set run_at = now() from parked p where l.id = p.id
    returning (select pg_notify('hbnb_jobs', ''))`,
}

/** Wakes jobs that were parked because of an effect now settled. */
export async function wakeParked(run: RunStatement, jobIds: readonly string[]): Promise<void> {
  if (jobIds.length > 0) await run(wakeStatement, [jobIds])
}
