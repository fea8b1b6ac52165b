import type { Knex } from 'knex'

/** How far each backfill of the mirror is: committed with the lines it counts, so that a cut loses and doubles nothing. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table hbnb_jobs.syncs (
      name text primary key check (name ~ '^[a-z0-9-]{1,64}$'),
      state text not null check (state in ('running', 'cut', 'done')),
      -- Who takes its lines in, and until when it is believed to be there.
      holder uuid not null,
      held_until timestamptz not null,
      -- The last line that is committed; blank ones count.
      lines bigint not null default 0,
      -- sha256 of these lines, so that only the same ones are passed over when they are sent again.
      lines_sha256 text,
      stored bigint not null default 0,
      unchanged bigint not null default 0,
      outdated bigint not null default 0,
      refused bigint not null default 0,
      bad_lines jsonb not null default '[]',
      started_at timestamptz not null default now(),
      updated_at timestamptz not null default now()
    );
    comment on column hbnb_jobs.syncs.bad_lines is 'The first hundred that were refused, with the reasons.';
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop table hbnb_jobs.syncs')
}
