import type { Knex } from 'knex'

/** Suspects after a crash, processes that had to be replaced, providers that asked us to wait. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table hbnb_jobs.job_live add column suspect boolean not null default false;
    comment on column hbnb_jobs.job_live.suspect is
      'Its process died while it ran: it runs next alone, in a process of its own.';
    comment on column hbnb_jobs.job_live.crashes is 'Times a process died that ran this job alone; three quarantine it.';

    alter table hbnb_jobs.processes add column condemned_at timestamptz, add column condemned_reason text;

    -- The shape rate-limiter-flexible reads and writes.
    create table hbnb_jobs.provider_points (
      key varchar(255) primary key,
      points integer not null default 0,
      expire bigint
    );

    create table hbnb_jobs.provider_holds (
      budget text primary key,
      held_until timestamptz not null,
      reason text not null,
      changed_at timestamptz not null default now()
    );
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop table hbnb_jobs.provider_holds, hbnb_jobs.provider_points;
    alter table hbnb_jobs.processes drop column condemned_at, drop column condemned_reason;
    alter table hbnb_jobs.job_live drop column suspect;
  `)
}
