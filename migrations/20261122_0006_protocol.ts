import type { Knex } from 'knex'

/** What the whole protocol needs: lanes, unique keys, crashes, settings, schedules, budgets, the audit log. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table hbnb_jobs.job_live
      add column lane text not null default '',
      add column unique_key text,
      add column crashes smallint not null default 0;
    comment on column hbnb_jobs.job_live.lane is
      'Whose turn this is: the tenant, with the key of a perKey limit behind it where the contract has one.';
    drop index hbnb_jobs.job_live_due;
    create index job_live_due on hbnb_jobs.job_live (name, priority, lane, run_at, id);
    create index job_live_unique on hbnb_jobs.job_live (name, unique_key, id) where unique_key is not null;

    alter table hbnb_jobs.job_types
      add column unique_by text[] not null default '{}',
      add column lane_by text[] not null default '{}',
      add column priority smallint not null default 5,
      add column expires_after_ms bigint,
      add column retention_days integer not null default 90;

    create table hbnb_jobs.queue_settings (
      name text primary key,
      paused_at timestamptz,
      paused_by text,
      paused_reason text,
      -- A pause because our credentials were refused ends by itself: one job is let through at probe_at.
      probe_at timestamptz,
      concurrency integer check (concurrency > 0),
      rate_max integer check (rate_max > 0),
      rate_period_ms integer check (rate_period_ms > 0),
      changed_at timestamptz not null default now()
    );

    create table hbnb_jobs.queue_slots (
      name text primary key,
      backend text not null,
      number bigint not null,
      written_at timestamptz not null default now()
    );
    comment on table hbnb_jobs.queue_slots is
      'The rising number last written into each queue; a queue that has less has lost jobs and is swept wholly.';

    create table hbnb_jobs.schedules (
      key text primary key,
      job_name text not null,
      source text not null check (source in ('contract', 'api')),
      cron text not null,
      zone text not null,
      missed text not null check (missed in ('skip', 'once', 'all')),
      missed_cap integer not null default 10 check (missed_cap between 1 and 1000),
      overlap text not null check (overlap in ('skip', 'queue')),
      payload jsonb,
      tenant text not null default 'default',
      entity text,
      active_from timestamptz not null default now(),
      -- The last slot that was decided about; ticks after it are due.
      decided_until timestamptz not null default now(),
      paused_at timestamptz,
      paused_by text,
      removed_at timestamptz,
      changed_at timestamptz not null default now()
    );

    create table hbnb_jobs.schedule_runs (
      schedule_key text not null,
      slot timestamptz not null,
      decision text not null check (decision in ('run', 'skipped-missed', 'skipped-overlap', 'skipped-paused', 'by-hand')),
      job_id uuid,
      decided_at timestamptz not null default now(),
      primary key (schedule_key, slot)
    );

    create table hbnb_jobs.audit_log (
      id bigint generated always as identity primary key,
      at timestamptz not null default now(),
      actor text not null,
      action text not null,
      target text not null,
      detail jsonb not null default '{}',
      origin text
    );
    create index audit_log_by_target on hbnb_jobs.audit_log (target, at);
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop table hbnb_jobs.audit_log, hbnb_jobs.schedule_runs, hbnb_jobs.schedules, hbnb_jobs.queue_slots,
      hbnb_jobs.queue_settings;
    alter table hbnb_jobs.job_types
      drop column unique_by, drop column lane_by, drop column priority, drop column expires_after_ms, drop column retention_days;
    drop index hbnb_jobs.job_live_unique, hbnb_jobs.job_live_due;
    create index job_live_due on hbnb_jobs.job_live (name, priority, run_at, id);
    alter table hbnb_jobs.job_live drop column lane, drop column unique_key, drop column crashes;
  `)
}
