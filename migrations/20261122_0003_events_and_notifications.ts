import type { Knex } from 'knex'

/** The inbox of verified webhooks, and notifications with one delivery row per channel. Personal data may live here. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table hbnb_jobs.webhook_inbox (
      id uuid primary key,
      source text not null,
      event_id text not null,
      scheme text not null check (scheme in ('standard', 'legacy', 'sendgrid')),
      type text not null,
      body jsonb not null,
      body_sha256 text not null,
      entity text,
      received_at timestamptz not null default now(),
      job_id uuid not null,
      handled text check (handled in ('processed', 'ignored')),
      handled_reason text,
      unique (source, event_id)
    );
    create index webhook_inbox_by_body on hbnb_jobs.webhook_inbox (source, body_sha256, received_at);
    create index webhook_inbox_by_entity on hbnb_jobs.webhook_inbox (entity) where entity is not null;

    create table hbnb_jobs.notifications (
      id uuid primary key,
      user_id text not null,
      template text not null,
      template_version smallint not null,
      locale text not null,
      data jsonb not null,
      push_data jsonb not null default '{}',
      entity text,
      created_at timestamptz not null default now()
    );
    create index notifications_by_entity on hbnb_jobs.notifications (entity) where entity is not null;
    create index notifications_by_user on hbnb_jobs.notifications (user_id, created_at);

    create table hbnb_jobs.deliveries (
      id uuid primary key,
      notification_id uuid not null references hbnb_jobs.notifications (id),
      channel text not null check (channel in ('email', 'sms', 'push')),
      decision text not null check (decision in ('send', 'suppress')),
      reason text,
      job_id uuid,
      created_at timestamptz not null default now(),
      unique (notification_id, channel)
    );
    create index deliveries_by_job on hbnb_jobs.deliveries (job_id);

    create table hbnb_jobs.api_keys (
      id uuid primary key,
      name text not null,
      key_sha256 text not null unique,
      tenant text not null,
      scopes text[] not null,
      created_at timestamptz not null default now(),
      last_used_at timestamptz,
      revoked_at timestamptz
    );

    create table hbnb_jobs.operators (
      email text primary key,
      password_scrypt text not null,
      role text not null check (role in ('viewer', 'operator', 'admin')),
      created_at timestamptz not null default now(),
      disabled_at timestamptz
    );

    create table hbnb_jobs.sign_in_links (
      token_sha256 text primary key,
      operator_email text not null references hbnb_jobs.operators (email) on delete cascade,
      expires_at timestamptz not null,
      used_at timestamptz
    );

    create table hbnb_jobs.sessions (
      token_sha256 text primary key,
      operator_email text not null references hbnb_jobs.operators (email) on delete cascade,
      csrf text not null,
      created_at timestamptz not null default now(),
      expires_at timestamptz not null
    );
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop table hbnb_jobs.sessions, hbnb_jobs.sign_in_links, hbnb_jobs.operators, hbnb_jobs.api_keys,
      hbnb_jobs.deliveries, hbnb_jobs.notifications, hbnb_jobs.webhook_inbox`)
}
