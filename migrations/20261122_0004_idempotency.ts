import type { Knex } from 'knex'

/** Which request an Idempotency-Key of a caller stands for, and what it was answered. Kept for 24 hours. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table hbnb_jobs.idempotency_keys (
      caller text not null,
      key text not null,
      request_sha256 text not null,
      job_ids uuid[] not null,
      answer jsonb not null,
      created_at timestamptz not null default now(),
      expires_at timestamptz not null,
      primary key (caller, key)
    );
    create index idempotency_keys_by_expiry on hbnb_jobs.idempotency_keys (expires_at);
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop table hbnb_jobs.idempotency_keys')
}
