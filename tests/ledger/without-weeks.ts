import type { Knex } from 'knex'

/** Drops the weekly partitions the run's template has, so that a test with a calendar of its own begins with none. */
export async function withoutWeeks(knex: Knex): Promise<void> {
  const { rows } = await knex.raw<{ rows: { name: string }[] }>(`
    select inhrelid::regclass::text as name from pg_inherits
    where inhparent in ('hbnb_jobs.jobs'::regclass, 'hbnb_jobs.job_outcomes'::regclass, 'hbnb_jobs.job_attempts'::regclass,
        'hbnb_jobs.job_logs'::regclass)
      and inhrelid::regclass::text not like '%_default'`)
  for (const { name } of rows) await knex.raw(`drop table ${name}`)
}
