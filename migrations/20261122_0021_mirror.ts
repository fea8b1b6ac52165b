import type { Knex } from 'knex'

/**
 * The rest of the read model, and one row per entity that says which version of it is known: it outlives a deletion, so
 * that an older message cannot bring back what is gone.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table platform.versions (
      kind text not null check (kind in ('user', 'preferences', 'amenity', 'place', 'booking', 'payment')),
      id text not null check (length(id) between 1 and 64),
      version bigint not null,
      -- sha256 of the entity as it was checked; null once it is deleted.
      digest text,
      told_at timestamptz not null default now(),
      primary key (kind, id)
    );
    insert into platform.versions (kind, id, version, digest)
      select 'user', id, version, '' from platform.users
      union all select 'place', id, version, '' from platform.places
      union all select 'booking', id, version, '' from platform.bookings;

    alter table platform.users add stripe_customer_id text, add created_at timestamptz;
    alter table platform.devices alter platform drop not null;

    create table platform.preferences (
      id text primary key check (length(id) between 1 and 64),
      version bigint not null,
      notifications jsonb not null default '{}',
      quiet_from time,
      quiet_to time,
      max_price_minor bigint check (max_price_minor >= 0),
      currency text check (currency ~ '^[A-Z]{3}$'),
      preferred_lat double precision check (preferred_lat between -90 and 90),
      preferred_lon double precision check (preferred_lon between -180 and 180),
      preferred_radius_km double precision check (preferred_radius_km > 0),
      synced_at timestamptz not null default now(),
      check ((quiet_from is null) = (quiet_to is null)),
      check ((preferred_lat is null) = (preferred_lon is null))
    );

    create table platform.amenities (
      id text primary key check (length(id) between 1 and 64),
      version bigint not null,
      name_fr text not null,
      name_en text not null,
      synced_at timestamptz not null default now()
    );

    alter table platform.places
      add description text not null default '',
      add address text,
      add lat double precision check (lat between -90 and 90),
      add lon double precision check (lon between -180 and 180),
      add price_minor bigint check (price_minor >= 0),
      add currency text check (currency ~ '^[A-Z]{3}$'),
      add capacity smallint check (capacity > 0),
      add amenities text[] not null default '{}',
      add min_stay_nights smallint not null default 1 check (min_stay_nights > 0),
      add preparation_nights smallint not null default 0 check (preparation_nights >= 0),
      add check_in_time time not null default '15:00',
      add check_out_time time not null default '11:00',
      add cancellation_policy text not null default 'moderate' check (cancellation_policy in ('flexible', 'moderate', 'strict')),
      add payment_capture text not null default 'automatic' check (payment_capture in ('automatic', 'manual')),
      add listed boolean not null default true,
      add created_at timestamptz,
      add check ((lat is null) = (lon is null));

    alter table platform.bookings
      add payment_intent_id text,
      add cancelled_by text check (cancelled_by in ('guest', 'host', 'platform')),
      add created_at timestamptz,
      add confirmed_at timestamptz,
      add completed_at timestamptz,
      add cancelled_at timestamptz;
    create index bookings_by_place on platform.bookings (place_id, check_in);
    create index bookings_by_guest on platform.bookings (guest_id);

    create table platform.payments (
      id text primary key check (length(id) between 1 and 64),
      version bigint not null,
      booking_id text not null,
      payment_intent_id text,
      status text not null check (status in ('pending', 'authorized', 'succeeded', 'failed', 'cancelled', 'refunded')),
      amount_minor bigint not null check (amount_minor >= 0),
      refunded_minor bigint not null default 0 check (refunded_minor between 0 and amount_minor),
      currency text not null check (currency ~ '^[A-Z]{3}$'),
      created_at timestamptz,
      synced_at timestamptz not null default now()
    );
    create index payments_by_booking on platform.payments (booking_id);
    create index payments_by_intent on platform.payments (payment_intent_id) where payment_intent_id is not null;

    -- A reaction is made once for each step of an entity, however often and by whatever message we are told of it.
    create table hbnb_jobs.reactions (
      entity text not null,
      step text not null,
      inbox_id uuid not null,
      -- Why nothing was done: the step was told too late to matter. Null when something was.
      superseded text,
      reacted_at timestamptz not null default now(),
      primary key (entity, step)
    );
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop table hbnb_jobs.reactions, platform.payments, platform.amenities, platform.preferences, platform.versions;
    drop index platform.bookings_by_place, platform.bookings_by_guest;
    alter table platform.bookings
      drop payment_intent_id, drop cancelled_by, drop created_at, drop confirmed_at, drop completed_at, drop cancelled_at;
    alter table platform.places
      drop description, drop address, drop lat, drop lon, drop price_minor, drop currency, drop capacity, drop amenities,
      drop min_stay_nights, drop preparation_nights, drop check_in_time, drop check_out_time, drop cancellation_policy,
      drop payment_capture, drop listed, drop created_at;
    delete from platform.devices where platform is null;
    alter table platform.devices alter platform set not null;
    alter table platform.users drop stripe_customer_id, drop created_at;
  `)
}
