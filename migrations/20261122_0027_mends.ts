import type { Knex } from 'knex'

/** What happens again within the hour of its alert is told when the hour is over, also when it has stopped by then. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table hbnb_jobs.alerts_sent add held_since timestamptz;
    comment on column hbnb_jobs.alerts_sent.held_since is
      'The first of what has happened since it was told, and is told when the hour is over; null = nothing has.';
    comment on column hbnb_jobs.alert_channels.looked_until is
      'What happened before this instant has been told, is held back, or is too old to tell.';
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table hbnb_jobs.alerts_sent drop held_since;
    comment on column hbnb_jobs.alert_channels.looked_until is
      'What happened before this instant has been told, or is too old to tell.';
  `)
}
