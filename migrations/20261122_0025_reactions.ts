import type { Knex } from 'knex'

/** What a reaction made, and how far the events of an entity are that its sender numbers. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table hbnb_jobs.reactions add job_ids uuid[] not null default '{}';

    -- The number of the last event that was dealt with; the next one may follow at once.
    create table hbnb_jobs.event_positions (
      entity text primary key,
      sequence bigint not null check (sequence > 0),
      told_at timestamptz not null default now()
    );
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop table hbnb_jobs.event_positions;
    alter table hbnb_jobs.reactions drop job_ids;
  `)
}
