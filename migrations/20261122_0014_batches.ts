import type { Knex } from 'knex'

/**
 * Batches: jobs that are counted together, and one job more when all of them have ended (src/ledger/batches.ts). What a job
 * belongs to is a fact of the job, so nothing is written twice as jobs end; a batch is counted over the index.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table hbnb_jobs.batches (
      id uuid primary key,
      tenant text not null,
      about text,
      entity text,
      created_at timestamptz not null default now(),
      closed_at timestamptz,
      done_at timestamptz,
      when_done_name text,
      when_done_version smallint,
      when_done_payload jsonb,
      when_done_job_id uuid,
      -- Every job of the batch before this one had ended when it was last looked at.
      looked_until uuid,
      final_counts jsonb
    );
    create index batches_closing on hbnb_jobs.batches (id) where closed_at is not null and done_at is null;

    alter table hbnb_jobs.jobs add column batch_id uuid;
    create index jobs_by_batch on hbnb_jobs.jobs (batch_id, id) where batch_id is not null;

    alter table hbnb_jobs.job_live add column payload_bytes integer;
    comment on column hbnb_jobs.job_live.payload_bytes is 'Of the payload as it was sent; null = not known. Limits what may wait.';
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table hbnb_jobs.job_live drop column payload_bytes;
    alter table hbnb_jobs.jobs drop column batch_id;
    drop table hbnb_jobs.batches;
  `)
}
