import type { Knex } from 'knex'

/** That a day's SMS are used up must be told to somebody: what is not sent makes no noise. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table hbnb_jobs.sms_days add refused integer not null default 0, add refused_at timestamptz;
    comment on column hbnb_jobs.sms_days.refused is 'SMS that were not sent because the day had its number or its cost; refused_at is the last of them.';
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`alter table hbnb_jobs.sms_days drop refused, drop refused_at`)
}
