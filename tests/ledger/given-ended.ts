import { v7 } from 'uuid'
import type { Database } from '../../src/db/connect.ts'
import { acceptJobs } from '../../src/ledger/accept.ts'
import { newJob } from '../../src/ledger/new-job.ts'
import { plainJob } from './sql-types.ts'

export const dayMs = 86_400_000

/** A new id as it would have been made at an instant. */
export function jobIdAt(ms: number): string {
  return v7({ msecs: ms })
}

/** A job accepted at one instant and, unless it is still open, ended at another, with an attempt, an effect and a result. */
export async function givenJobAt(
  { run, knex }: Database,
  acceptedMs: number,
  endedMs: number | 'open',
  { name = plainJob.name, runAt = null }: { name?: string; runAt?: Date | null } = {},
): Promise<string> {
  const job = { ...newJob(plainJob, { booking_id: '1' }, { id: jobIdAt(acceptedMs), runAt }), name }
  await acceptJobs(run, [job])
  await knex('hbnb_jobs.jobs')
    .where({ id: job.id })
    .update({ accepted_at: new Date(acceptedMs) })
  await knex('hbnb_jobs.job_attempts').insert({
    job_id: job.id,
    attempt: 1,
    token: 1,
    ending: 'retry',
    ended_at: new Date(acceptedMs),
  })
  await knex('hbnb_jobs.effects').insert({
    id: v7(),
    job_id: job.id,
    key: 'mail',
    provider: 'sendgrid',
    state: 'accepted',
    reserved_at: new Date(acceptedMs),
    settled_at: new Date(endedMs === 'open' ? acceptedMs : endedMs),
  })
  if (endedMs === 'open') return job.id
  await knex('hbnb_jobs.job_live').where({ id: job.id }).delete()
  await knex('hbnb_jobs.job_outcomes').insert({
    id: job.id,
    outcome: 'completed',
    attempts: 2,
    result: { message_id: 'm' },
    finished_at: new Date(endedMs),
  })
  return job.id
}

/** What is left of a job: in which tables it has rows. */
export async function tracesOf({ knex }: Database, id: string): Promise<string[]> {
  const { rows } = await knex.raw(
    `select 'jobs' as name from hbnb_jobs.jobs where id = :id
     union all select 'live' from hbnb_jobs.job_live where id = :id
     union all select 'outcome' from hbnb_jobs.job_outcomes where id = :id
     union all select 'attempt' from hbnb_jobs.job_attempts where job_id = :id
     union all select 'effect' from hbnb_jobs.effects where job_id = :id`,
    { id },
  )
  return rows.map(({ name }: { name: string }) => name)
}

/** Names of a table's partitions, the default one first. */
export async function partitionsOf({ knex }: Database, table: string): Promise<string[]> {
  const { rows } = await knex.raw(
    `select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
     where i.inhparent = ?::regclass order by c.relname`,
    [`hbnb_jobs.${table}`],
  )
  return rows.map(({ name }: { name: string }) => name)
}
