import type { Database } from '../../src/db/connect.ts'

interface Dead {
  readonly name: string
  readonly count: number
  readonly outcome?: 'failed' | 'quarantined' | 'cancelled'
  /** Its number is put in for `#`. */
  readonly message?: string
  readonly code?: string
  readonly agoMs?: number
  readonly expiresAt?: Date | null
}

/** Many jobs that ended badly, in a few statements. Answers their ids, oldest first. */
export async function givenDead({ knex }: Database, dead: Dead): Promise<string[]> {
  const { name, count, outcome = 'failed', message = 'answered 503 for #', code = 'twilio-503', agoMs = 0 } = dead
  const { rows } = await knex.raw<{ rows: { id: string }[] }>(
    `with made as (
       insert into hbnb_jobs.jobs (id, name, version, payload, tenant, priority, run_at, expires_at)
       select hbnb_jobs.uuid_v7(), :name, 1, '{}', 'default', 5, now(), :expiresAt::timestamptz from generate_series(1, :count::int)
       returning id
     ), numbered as (select id, row_number() over (order by id) as n from made)
     insert into hbnb_jobs.job_outcomes (id, outcome, attempts, reason, error, finished_at)
     select id, :outcome::hbnb_jobs.job_outcome, 3, case when :outcome = 'cancelled' then 'cancelled by an operator' end,
            case when :outcome <> 'cancelled' then jsonb_build_object('name', 'TemporaryError', 'code', :code::text,
              'message', replace(:message, '#', n::text)) end,
            now() - :agoMs::int * interval '1 ms'
     from numbered returning id`,
    { name, count, outcome, message, code, agoMs, expiresAt: dead.expiresAt ?? null },
  )
  return rows.map(({ id }) => id).toSorted()
}

/** How many of these jobs are open again. */
export async function liveAmong({ knex }: Database, ids: readonly string[]): Promise<number> {
  return (await knex('hbnb_jobs.job_live').whereIn('id', [...ids])).length
}

/** What the audit log has of an action, oldest first. */
export async function auditOf({ knex }: Database, action: string) {
  return await knex('hbnb_jobs.audit_log').where({ action }).orderBy('id').select('actor', 'target', 'detail', 'origin')
}
