import type { Knex } from 'knex'

/** One message to many people: what it says, who they are, and how far it has come. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table hbnb_jobs.broadcasts (
      -- Also of the job that walks its audience.
      id uuid primary key,
      tenant text not null default 'default',
      title text not null,
      body text not null,
      -- The language of both, and with it of what stands around them.
      locale text not null check (locale in ('fr', 'en')),
      push_data jsonb not null default '{}',
      category text not null,
      channels text[] not null check (channels <@ array['push', 'email'] and cardinality(channels) > 0),
      -- Null: everybody in that country; of everywhere when that is null too.
      user_ids text[],
      country text,
      expires_at timestamptz,
      created_at timestamptz not null default now(),
      cancelled_at timestamptz,
      -- Whoever comes after this user is still to be decided.
      walked_to text not null default '',
      walked_at timestamptz,
      people integer not null default 0,
      mails integer not null default 0,
      pushes integer not null default 0,
      check (user_ids is null or country is null)
    );
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop table hbnb_jobs.broadcasts')
}
