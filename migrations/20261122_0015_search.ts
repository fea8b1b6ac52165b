import type { Knex } from 'knex'

/**
 * What a search looks things up by. Each index costs accepting next to nothing, or only jobs that have what it is about:
 * tags, an error, a skip. A rare name or tenant is found by the blocks of rows that may hold it (a tree over all jobs would
 * be written once more for each of them).
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(String.raw`
    -- The same text as errorSignature() in src/domain/error-signature.ts.
    create function hbnb_jobs.error_signature(error jsonb) returns text
      language sql immutable strict parallel safe
      return left(
        coalesce(error ->> 'code', error ->> 'name') || ':' || regexp_replace(regexp_replace(regexp_replace(
          error ->> 'message',
          '"[^"]*"|${'`'}[^${'`'}]*${'`'}|«[^»]*»|[A-Za-z0-9_-]*[0-9][A-Za-z0-9_-]*', '#', 'g'),
          '(^|[^A-Za-z0-9])''[^'']*''', '\1#', 'g'),
          '[ \t\r\n]+', ' ', 'g'),
        120);
    revoke all on function hbnb_jobs.error_signature(jsonb) from public;

    create index jobs_by_name on hbnb_jobs.jobs using brin (name text_bloom_ops, tenant text_bloom_ops)
      with (pages_per_range = 32, autosummarize = on);
    create index jobs_by_tag on hbnb_jobs.jobs using gin (tags) where tags <> '{}';
    create index job_outcomes_by_error on hbnb_jobs.job_outcomes
      (hbnb_jobs.error_signature(error) collate "C", id) where error is not null;
    create index job_outcomes_skipped on hbnb_jobs.job_outcomes (id) where outcome = 'skipped';
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop index hbnb_jobs.jobs_by_name, hbnb_jobs.jobs_by_tag, hbnb_jobs.job_outcomes_by_error, hbnb_jobs.job_outcomes_skipped;
    drop function hbnb_jobs.error_signature(jsonb);
  `)
}
