import type { Knex } from 'knex'

/** Keys that end by themselves, follow one another, have a rate of their own, or reach only the sandbox. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table hbnb_jobs.api_keys
      add column expires_at timestamptz,
      add column caller_id uuid,
      add column requests_per_minute integer check (requests_per_minute > 0),
      add column is_test boolean not null default false,
      add constraint test_keys_keep_to_themselves check (not (is_test and 'jobs:any-tenant' = any(scopes)));
    comment on column hbnb_jobs.api_keys.caller_id is
      'The first key of a line of rotated keys: what its callers are known by; null = this one.';
    comment on column hbnb_jobs.api_keys.requests_per_minute is 'null = as API_KEY_REQUESTS_PER_MINUTE says.';
  `)
}

/** Keys that may do less than the old table can say are ended rather than set free. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    update hbnb_jobs.api_keys set revoked_at = now() where (is_test or expires_at is not null) and revoked_at is null;
    alter table hbnb_jobs.api_keys
      drop constraint test_keys_keep_to_themselves,
      drop column expires_at, drop column caller_id, drop column requests_per_minute, drop column is_test;
  `)
}
