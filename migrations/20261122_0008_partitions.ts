import type { Knex } from 'knex'

/**
 * Attempts are partitioned by their job's id like jobs and outcomes, so that old weeks go by dropping tables. The partitions
 * themselves are made and dropped by the relay (src/ledger/partitions.ts); until then everything is in the default ones.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table hbnb_jobs.job_attempts rename to job_attempts_default;
    alter index hbnb_jobs.job_attempts_by_job rename to job_attempts_default_job_id_idx;
    create table hbnb_jobs.job_attempts (like hbnb_jobs.job_attempts_default including defaults including constraints)
      partition by range (job_id);
    comment on table hbnb_jobs.job_attempts is 'Runs that did not end their job; the last run is in job_outcomes.';
    comment on table hbnb_jobs.job_attempts_default is null;
    alter table hbnb_jobs.job_attempts attach partition hbnb_jobs.job_attempts_default default;
    create index job_attempts_by_job on hbnb_jobs.job_attempts (job_id);

    -- Outcomes are appended as they end: the index costs a few pages for millions of rows and nothing per job.
    create index job_outcomes_by_finish on hbnb_jobs.job_outcomes
      using brin (finished_at) with (pages_per_range = 16, autosummarize = on);

    create table hbnb_jobs.retention_progress (
      retention_days integer primary key,
      names text[] not null,
      everywhere boolean not null,
      purged_until timestamptz not null
    );
    comment on table hbnb_jobs.retention_progress is
      'Jobs of these types that ended before this instant are gone; a changed list of types begins anew.';
  `)
}

/** Weeks made since are poured back into the default partitions. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop table hbnb_jobs.retention_progress;
    drop index hbnb_jobs.job_outcomes_by_finish;
    do $$
    declare
      part record;
    begin
      for part in
        select i.inhrelid::regclass as name, i.inhparent::regclass as parent from pg_inherits i join pg_class c on c.oid = i.inhrelid
        where c.relkind = 'r' and pg_get_expr(c.relpartbound, c.oid) <> 'DEFAULT'
          and i.inhparent = any (array['hbnb_jobs.jobs', 'hbnb_jobs.job_outcomes', 'hbnb_jobs.job_attempts']::regclass[])
        order by i.inhrelid
      loop
        execute format('alter table %s detach partition %s', part.parent, part.name);
        execute format('insert into %s select * from %s', part.parent, part.name);
        execute format('drop table %s', part.name);
      end loop;
    end
    $$;
    alter table hbnb_jobs.job_attempts detach partition hbnb_jobs.job_attempts_default;
    drop table hbnb_jobs.job_attempts;
    alter table hbnb_jobs.job_attempts_default rename to job_attempts;
    alter index hbnb_jobs.job_attempts_default_job_id_idx rename to job_attempts_by_job;
    comment on table hbnb_jobs.job_attempts is 'Runs that did not end their job; the last run is in job_outcomes.';
  `)
}
