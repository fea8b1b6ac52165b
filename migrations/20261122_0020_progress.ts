import type { Knex } from 'knex'

/** How far a running job says it is. On the live row: it goes with it, and no index knows it. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table hbnb_jobs.job_live add column progress jsonb, add column progress_at timestamptz;
    comment on column hbnb_jobs.job_live.progress is 'What the job says itself: {done, total} and perhaps a message.';
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('alter table hbnb_jobs.job_live drop column progress, drop column progress_at')
}
