import type { Knex } from 'knex'

/** What is in no hurry is told once a day: one row for each reader, category and day, which whoever closes it has locked. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table hbnb_jobs.digests (
      -- Also of the notification it becomes, and of the job that decides that one.
      id uuid primary key,
      tenant text not null,
      user_id text not null,
      category text not null,
      -- On the evening of which it closes, in the zone of the reader.
      day date not null,
      closes_at timestamptz not null,
      closed_at timestamptz,
      unique (tenant, user_id, category, day)
    );
    create index digests_open on hbnb_jobs.digests (closes_at, id) where closed_at is null;

    alter table hbnb_jobs.notifications add digest_id uuid;
    create index notifications_by_digest on hbnb_jobs.notifications (digest_id) where digest_id is not null;
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table hbnb_jobs.notifications drop digest_id;
    drop table hbnb_jobs.digests;
  `)
}
