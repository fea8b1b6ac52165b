import type { Knex } from 'knex'

/** A replay of dead jobs is a row, so that it goes on where it stopped, whoever stopped it. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table hbnb_jobs.replays (
      id uuid primary key,
      job_name text,
      error text,
      since timestamptz,
      until timestamptz not null,
      rate_per_second integer not null check (rate_per_second between 1 and 10000),
      asked_by text not null,
      state text not null default 'running' check (state in ('running', 'stopped', 'done')),
      position uuid not null default '00000000-0000-0000-0000-000000000000',
      next_at timestamptz not null default now(),
      total integer not null,
      retried integer not null default 0,
      skipped jsonb not null default '{}',
      kept_effects integer not null default 0,
      created_at timestamptz not null default now(),
      changed_at timestamptz not null default now()
    );
    comment on column hbnb_jobs.replays.position is 'Every dead job up to this id has been decided; it moves in the transaction that retries.';
    comment on column hbnb_jobs.replays.next_at is 'No job is retried before this: the rate holds however many processes work at it.';
    comment on column hbnb_jobs.replays.kept_effects is 'Effects of the retried jobs that had taken place and are not repeated.';
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop table hbnb_jobs.replays')
}
