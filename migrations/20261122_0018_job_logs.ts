import type { Knex } from 'knex'

/**
 * What jobs say while they run, at most a hundred lines of each. Partitioned like attempts, by the id of the job; the weeks
 * that exist already get theirs here, all later ones come from the relay (src/ledger/partitions.ts).
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table hbnb_jobs.job_logs (
      job_id uuid not null,
      token integer not null,
      line integer not null,
      attempt smallint not null,
      at timestamptz not null,
      level text not null check (level in ('info', 'warn', 'error')),
      message text not null
    ) partition by range (job_id);
    comment on table hbnb_jobs.job_logs is 'Redacted before it is written. (token, line) is unique within a job.';
    create table hbnb_jobs.job_logs_default partition of hbnb_jobs.job_logs default;
    create index job_logs_by_job on hbnb_jobs.job_logs (job_id);
    do $$
    declare
      week record;
    begin
      for week in
        select c.relname as name, pg_get_expr(c.relpartbound, c.oid) as bound from pg_inherits i join pg_class c on c.oid = i.inhrelid
        where i.inhparent = 'hbnb_jobs.jobs'::regclass and pg_get_expr(c.relpartbound, c.oid) <> 'DEFAULT'
        order by c.relname
      loop
        execute format('create table hbnb_jobs.%I partition of hbnb_jobs.job_logs %s',
          replace(week.name, 'jobs_', 'job_logs_'), week.bound);
      end loop;
    end
    $$;
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop table hbnb_jobs.job_logs')
}
