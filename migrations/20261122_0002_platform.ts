import type { Knex } from 'knex'

/** A read model of what the platform owns, keyed by its opaque ids; an older `version` never overwrites a newer one. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create schema platform;

    create table platform.users (
      id text primary key check (length(id) between 1 and 64),
      version bigint not null,
      first_name text not null,
      last_name text not null,
      email text,
      phone text,
      country text check (country ~ '^[A-Z]{2}$'),
      locale text,
      zone text,
      email_notifications_enabled boolean not null default true,
      sms_notifications_enabled boolean not null default true,
      synced_at timestamptz not null default now()
    );

    create table platform.devices (
      token text primary key,
      user_id text not null references platform.users (id) on delete cascade,
      platform text not null check (platform in ('android', 'ios', 'web')),
      last_seen_at timestamptz not null default now()
    );
    create index devices_by_user on platform.devices (user_id);

    create table platform.places (
      id text primary key check (length(id) between 1 and 64),
      version bigint not null,
      host_id text not null,
      title text not null,
      city text not null,
      country text not null check (country ~ '^[A-Z]{2}$'),
      zone text not null,
      synced_at timestamptz not null default now()
    );

    create table platform.bookings (
      id text primary key check (length(id) between 1 and 64),
      version bigint not null,
      place_id text not null,
      guest_id text not null,
      status text not null check (status in ('pending', 'confirmed', 'cancelled', 'completed')),
      check_in date not null,
      check_out date not null,
      guests smallint not null check (guests > 0),
      total_minor bigint not null check (total_minor >= 0),
      currency text not null check (currency ~ '^[A-Z]{3}$'),
      synced_at timestamptz not null default now(),
      check (check_in < check_out)
    );
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop schema platform cascade')
}
