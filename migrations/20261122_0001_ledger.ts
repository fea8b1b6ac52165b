import type { Knex } from 'knex'

/**
 * The ledger (docs: protocol, section 1). `jobs` and `job_outcomes` are append-only and partitioned by the time inside
 * their UUIDv7; everything that changes lives in the narrow `job_live` row, whose changing columns are in no index, so
 * that claims and outcomes are heap-only updates.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create schema hbnb_jobs;

    create type hbnb_jobs.job_state as enum ('accepted', 'queued', 'running', 'parked');
    create type hbnb_jobs.job_outcome as enum ('completed', 'skipped', 'failed', 'cancelled', 'quarantined');
    create type hbnb_jobs.effect_state as enum ('reserved', 'sending', 'accepted', 'rejected', 'unknown');

    create table hbnb_jobs.jobs (
      id uuid primary key,
      name text not null,
      version smallint not null,
      payload jsonb not null,
      tenant text not null,
      entity text,
      tags text[] not null default '{}',
      parent_id uuid,
      child_key text,
      priority smallint not null check (priority between 1 and 9),
      run_at timestamptz not null,
      expires_at timestamptz,
      traceparent text,
      accepted_at timestamptz not null default now()
    ) partition by range (id);
    create table hbnb_jobs.jobs_default partition of hbnb_jobs.jobs default;
    create index jobs_by_entity on hbnb_jobs.jobs (entity, id) where entity is not null;
    create index jobs_by_parent on hbnb_jobs.jobs (parent_id) where parent_id is not null;

    create table hbnb_jobs.job_live (
      id uuid primary key,
      name text not null,
      priority smallint not null,
      run_at timestamptz not null,
      state hbnb_jobs.job_state not null default 'accepted',
      run integer not null default 0,
      token integer not null default 0,
      owner integer,
      attempts smallint not null default 0,
      cancel_requested boolean not null default false,
      changed_at timestamptz not null default now(),
      started_at timestamptz,
      last_error jsonb
    ) with (
      fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000,
      autovacuum_vacuum_cost_delay = 0
    );
    create index job_live_due on hbnb_jobs.job_live (name, priority, run_at, id);

    create table hbnb_jobs.job_attempts (
      job_id uuid not null,
      attempt smallint not null,
      token integer not null,
      owner integer,
      started_at timestamptz,
      ended_at timestamptz not null default now(),
      ending text not null check (ending in ('retry', 'not-yet', 'busy', 'handed-back', 'parked', 'crashed', 'lost')),
      error jsonb,
      next_at timestamptz
    );
    create index job_attempts_by_job on hbnb_jobs.job_attempts (job_id);
    comment on table hbnb_jobs.job_attempts is 'Runs that did not end their job; the last run is in job_outcomes.';

    create table hbnb_jobs.job_outcomes (
      id uuid primary key,
      outcome hbnb_jobs.job_outcome not null,
      attempts smallint not null,
      result jsonb,
      reason text,
      error jsonb,
      owner integer,
      started_at timestamptz,
      finished_at timestamptz not null default now()
    ) partition by range (id);
    create table hbnb_jobs.job_outcomes_default partition of hbnb_jobs.job_outcomes default;

    create table hbnb_jobs.effects (
      id uuid primary key,
      job_id uuid not null,
      key text not null,
      provider text not null,
      state hbnb_jobs.effect_state not null default 'reserved',
      token integer,
      send_by timestamptz,
      sends smallint not null default 0,
      provider_id text,
      evidence text,
      error jsonb,
      reserved_at timestamptz not null default now(),
      sent_at timestamptz,
      unknown_at timestamptz,
      settled_at timestamptz,
      unique (job_id, key)
    );
    create index effects_in_flight on hbnb_jobs.effects (send_by) where state = 'sending';
    create index effects_unknown on hbnb_jobs.effects (unknown_at) where state = 'unknown';
    comment on table hbnb_jobs.effects is 'One row per outside effect that a repeat would double; outlives replay.';

    create table hbnb_jobs.processes (
      id integer generated always as identity primary key,
      kind text not null check (kind in ('worker', 'relay', 'intake')),
      host text not null,
      pid integer not null,
      started_at timestamptz not null default now(),
      beat_at timestamptz not null default now(),
      draining_at timestamptz,
      ended_at timestamptz,
      swept_at timestamptz
    );
    create index processes_unswept on hbnb_jobs.processes (beat_at) where swept_at is null;

    create table hbnb_jobs.job_types (
      name text primary key,
      about text not null,
      version smallint not null,
      open boolean not null,
      required text[] not null
    );
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop schema hbnb_jobs cascade')
}
