import type { Knex } from 'knex'

/** An event that nothing reacts to is kept in the inbox and makes no job. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw('alter table hbnb_jobs.webhook_inbox alter column job_id drop not null')
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('alter table hbnb_jobs.webhook_inbox alter column job_id set not null')
}
