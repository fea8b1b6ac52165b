import type { Knex } from 'knex'

/** A retry by hand moves how the job had ended into its attempts; the board lists what ended badly. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table hbnb_jobs.job_attempts
      drop constraint job_attempts_ending_check,
      add constraint job_attempts_ending_check check (ending in (
        'retry', 'not-yet', 'busy', 'handed-back', 'parked', 'crashed', 'lost', 'failed', 'cancelled', 'quarantined'));

    -- Costs nothing for jobs that end well.
    create index job_outcomes_ended_badly on hbnb_jobs.job_outcomes (id)
      where outcome in ('failed', 'cancelled', 'quarantined');
  `)
}

/** Deaths that were taken back are told as crashes, the nearest word the old table has. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop index hbnb_jobs.job_outcomes_ended_badly;
    update hbnb_jobs.job_attempts set ending = 'crashed' where ending in ('failed', 'cancelled', 'quarantined');
    alter table hbnb_jobs.job_attempts
      drop constraint job_attempts_ending_check,
      add constraint job_attempts_ending_check check (ending in (
        'retry', 'not-yet', 'busy', 'handed-back', 'parked', 'crashed', 'lost'));
  `)
}
