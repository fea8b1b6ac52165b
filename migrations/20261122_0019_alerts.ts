import type { Knex } from 'knex'

/** What alerts and heartbeats remember, so that a restart repeats nothing and a pause forgets nothing (src/alerts). */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table hbnb_jobs.leases (
      name text primary key,
      holder uuid not null,
      held_until timestamptz not null
    );
    comment on table hbnb_jobs.leases is 'Work that one process does at a time; whoever holds it says so again before held_until.';

    create table hbnb_jobs.alerts_sent (
      channel text not null,
      key text not null,
      sent_at timestamptz not null,
      primary key (channel, key)
    );
    create table hbnb_jobs.alert_channels (
      channel text primary key,
      looked_until timestamptz not null
    );
    comment on column hbnb_jobs.alert_channels.looked_until is 'What happened before this instant has been told, or is too old to tell.';

    create table hbnb_jobs.heartbeats (
      schedule_key text primary key,
      pinged_slot timestamptz not null,
      pinged_at timestamptz not null default now()
    );
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop table hbnb_jobs.heartbeats, hbnb_jobs.alert_channels, hbnb_jobs.alerts_sent, hbnb_jobs.leases')
}
