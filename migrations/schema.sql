-- schemas

create schema hbnb_jobs;
create schema platform;

-- types

create type hbnb_jobs.effect_state as enum ('reserved', 'sending', 'accepted', 'rejected', 'unknown');
create type hbnb_jobs.job_outcome as enum ('completed', 'skipped', 'failed', 'cancelled', 'quarantined');
create type hbnb_jobs.job_state as enum ('accepted', 'queued', 'running', 'parked');

-- tables

create table hbnb_jobs.alert_channels (
  channel text not null,
  looked_until timestamp with time zone not null
);
create table hbnb_jobs.alerts_sent (
  channel text not null,
  key text not null,
  sent_at timestamp with time zone not null,
  held_since timestamp with time zone
);
create table hbnb_jobs.api_keys (
  id uuid not null,
  name text not null,
  key_sha256 text not null,
  tenant text not null,
  scopes text[] not null,
  created_at timestamp with time zone not null default now(),
  last_used_at timestamp with time zone,
  revoked_at timestamp with time zone,
  expires_at timestamp with time zone,
  caller_id uuid,
  requests_per_minute integer,
  is_test boolean not null default false
);
create table hbnb_jobs.audit_log (
  id bigint not null generated always as identity,
  at timestamp with time zone not null default now(),
  actor text not null,
  action text not null,
  target text not null,
  detail jsonb not null default '{}'::jsonb,
  origin text
);
create table hbnb_jobs.batches (
  id uuid not null,
  tenant text not null,
  about text,
  entity text,
  created_at timestamp with time zone not null default now(),
  closed_at timestamp with time zone,
  done_at timestamp with time zone,
  when_done_name text,
  when_done_version smallint,
  when_done_payload jsonb,
  when_done_job_id uuid,
  looked_until uuid,
  final_counts jsonb
);
create table hbnb_jobs.broadcasts (
  id uuid not null,
  tenant text not null default 'default'::text,
  title text not null,
  body text not null,
  locale text not null,
  push_data jsonb not null default '{}'::jsonb,
  category text not null,
  channels text[] not null,
  user_ids text[],
  country text,
  expires_at timestamp with time zone,
  created_at timestamp with time zone not null default now(),
  cancelled_at timestamp with time zone,
  walked_to text not null default ''::text,
  walked_at timestamp with time zone,
  people integer not null default 0,
  mails integer not null default 0,
  pushes integer not null default 0
);
create table hbnb_jobs.deliveries (
  id uuid not null,
  notification_id uuid not null,
  channel text not null,
  decision text not null,
  reason text,
  job_id uuid,
  created_at timestamp with time zone not null default now(),
  provider_status text,
  provider_error_code integer,
  provider_status_at timestamp with time zone,
  until timestamp with time zone,
  sent_again_at timestamp with time zone
);
create table hbnb_jobs.digests (
  id uuid not null,
  tenant text not null,
  user_id text not null,
  category text not null,
  day date not null,
  closes_at timestamp with time zone not null,
  closed_at timestamp with time zone
);
create table hbnb_jobs.effects (
  id uuid not null,
  job_id uuid not null,
  key text not null,
  provider text not null,
  state hbnb_jobs.effect_state not null default 'reserved'::hbnb_jobs.effect_state,
  token integer,
  send_by timestamp with time zone,
  sends smallint not null default 0,
  provider_id text,
  evidence text,
  error jsonb,
  reserved_at timestamp with time zone not null default now(),
  sent_at timestamp with time zone,
  unknown_at timestamp with time zone,
  settled_at timestamp with time zone
);
create table hbnb_jobs.event_positions (
  entity text not null,
  sequence bigint not null,
  told_at timestamp with time zone not null default now()
);
create table hbnb_jobs.heartbeats (
  schedule_key text not null,
  pinged_slot timestamp with time zone not null,
  pinged_at timestamp with time zone not null default now()
);
create table hbnb_jobs.idempotency_keys (
  caller text not null,
  key text not null,
  request_sha256 text not null,
  job_ids uuid[] not null,
  answer jsonb not null,
  created_at timestamp with time zone not null default now(),
  expires_at timestamp with time zone not null
);
create table hbnb_jobs.job_attempts (
  job_id uuid not null,
  attempt smallint not null,
  token integer not null,
  owner integer,
  started_at timestamp with time zone,
  ended_at timestamp with time zone not null default now(),
  ending text not null,
  error jsonb,
  next_at timestamp with time zone
) partition by RANGE (job_id);
create table hbnb_jobs.job_live (
  id uuid not null,
  name text not null,
  priority smallint not null,
  run_at timestamp with time zone not null,
  state hbnb_jobs.job_state not null default 'accepted'::hbnb_jobs.job_state,
  run integer not null default 0,
  token integer not null default 0,
  owner integer,
  attempts smallint not null default 0,
  cancel_requested boolean not null default false,
  changed_at timestamp with time zone not null default now(),
  started_at timestamp with time zone,
  last_error jsonb,
  lane text not null default ''::text,
  unique_key text,
  crashes smallint not null default 0,
  suspect boolean not null default false,
  payload_bytes integer,
  progress jsonb,
  progress_at timestamp with time zone
) with (fillfactor=50, autovacuum_vacuum_scale_factor=0, autovacuum_vacuum_threshold=20000, autovacuum_vacuum_cost_delay=0);
create table hbnb_jobs.job_logs (
  job_id uuid not null,
  token integer not null,
  line integer not null,
  attempt smallint not null,
  at timestamp with time zone not null,
  level text not null,
  message text not null
) partition by RANGE (job_id);
create table hbnb_jobs.job_outcomes (
  id uuid not null,
  outcome hbnb_jobs.job_outcome not null,
  attempts smallint not null,
  result jsonb,
  reason text,
  error jsonb,
  owner integer,
  started_at timestamp with time zone,
  finished_at timestamp with time zone not null default now()
) partition by RANGE (id);
create table hbnb_jobs.job_types (
  name text not null,
  about text not null,
  version smallint not null,
  open boolean not null,
  required text[] not null,
  unique_by text[] not null default '{}'::text[],
  lane_by text[] not null default '{}'::text[],
  priority smallint not null default 5,
  expires_after_ms bigint,
  retention_days integer not null default 90,
  fields text[],
  max_payload_bytes integer
);
create table hbnb_jobs.jobs (
  id uuid not null,
  name text not null,
  version smallint not null,
  payload jsonb not null,
  tenant text not null,
  entity text,
  tags text[] not null default '{}'::text[],
  parent_id uuid,
  child_key text,
  priority smallint not null,
  run_at timestamp with time zone not null,
  expires_at timestamp with time zone,
  traceparent text,
  accepted_at timestamp with time zone not null default now(),
  batch_id uuid
) partition by RANGE (id);
create table hbnb_jobs.leases (
  name text not null,
  holder uuid not null,
  held_until timestamp with time zone not null
);
create table hbnb_jobs.notifications (
  id uuid not null,
  user_id text,
  template text,
  template_version smallint,
  locale text not null,
  data jsonb not null,
  push_data jsonb not null default '{}'::jsonb,
  entity text,
  created_at timestamp with time zone not null default now(),
  tenant text not null default 'default'::text,
  to_email text,
  to_phone text,
  country text,
  zone text,
  title text,
  body text,
  category text not null default 'booking'::text,
  urgency text not null default 'normal'::text,
  channels text[],
  dedupe_key text,
  expires_at timestamp with time zone,
  read_at timestamp with time zone,
  cancelled_at timestamp with time zone,
  cancelled_reason text,
  digest_id uuid
);
create table hbnb_jobs.operators (
  email text not null,
  password_scrypt text not null,
  role text not null,
  created_at timestamp with time zone not null default now(),
  disabled_at timestamp with time zone
);
create table hbnb_jobs.processes (
  id integer not null generated always as identity,
  kind text not null,
  host text not null,
  pid integer not null,
  started_at timestamp with time zone not null default now(),
  beat_at timestamp with time zone not null default now(),
  draining_at timestamp with time zone,
  ended_at timestamp with time zone,
  swept_at timestamp with time zone,
  condemned_at timestamp with time zone,
  condemned_reason text
);
create table hbnb_jobs.provider_holds (
  budget text not null,
  held_until timestamp with time zone not null,
  reason text not null,
  changed_at timestamp with time zone not null default now()
);
create table hbnb_jobs.provider_points (
  key character varying(255) not null,
  points integer not null default 0,
  expire bigint
);
create table hbnb_jobs.queue_settings (
  name text not null,
  paused_at timestamp with time zone,
  paused_by text,
  paused_reason text,
  probe_at timestamp with time zone,
  concurrency integer,
  rate_max integer,
  rate_period_ms integer,
  changed_at timestamp with time zone not null default now()
);
create table hbnb_jobs.queue_slots (
  name text not null,
  backend text not null,
  number bigint not null,
  written_at timestamp with time zone not null default now()
);
create table hbnb_jobs.reactions (
  entity text not null,
  step text not null,
  inbox_id uuid not null,
  superseded text,
  reacted_at timestamp with time zone not null default now(),
  job_ids uuid[] not null default '{}'::uuid[]
);
create table hbnb_jobs.replays (
  id uuid not null,
  job_name text,
  error text,
  since timestamp with time zone,
  until timestamp with time zone not null,
  rate_per_second integer not null,
  asked_by text not null,
  state text not null default 'running'::text,
  "position" uuid not null default '00000000-0000-0000-0000-000000000000'::uuid,
  next_at timestamp with time zone not null default now(),
  total integer not null,
  retried integer not null default 0,
  skipped jsonb not null default '{}'::jsonb,
  kept_effects integer not null default 0,
  created_at timestamp with time zone not null default now(),
  changed_at timestamp with time zone not null default now()
);
create table hbnb_jobs.retention_progress (
  retention_days integer not null,
  names text[] not null,
  everywhere boolean not null,
  purged_until timestamp with time zone not null
);
create table hbnb_jobs.review_requests (
  booking_id text not null,
  asked_at timestamp with time zone not null default now()
);
create table hbnb_jobs.schedule_runs (
  schedule_key text not null,
  slot timestamp with time zone not null,
  decision text not null,
  job_id uuid,
  decided_at timestamp with time zone not null default now(),
  slots_until timestamp with time zone,
  decided_by text
);
create table hbnb_jobs.schedules (
  key text not null,
  job_name text not null,
  source text not null,
  cron text not null,
  zone text not null,
  missed text not null,
  missed_cap integer not null default 10,
  overlap text not null,
  payload jsonb,
  tenant text not null default 'default'::text,
  entity text,
  active_from timestamp with time zone not null default now(),
  decided_until timestamp with time zone not null default now(),
  paused_at timestamp with time zone,
  paused_by text,
  removed_at timestamp with time zone,
  changed_at timestamp with time zone not null default now(),
  look_at timestamp with time zone not null default now(),
  overlap_skips integer not null default 0
);
create table hbnb_jobs.sessions (
  token_sha256 text not null,
  operator_email text not null,
  csrf text not null,
  created_at timestamp with time zone not null default now(),
  expires_at timestamp with time zone not null
);
create table hbnb_jobs.sign_in_links (
  token_sha256 text not null,
  operator_email text not null,
  expires_at timestamp with time zone not null,
  used_at timestamp with time zone
);
create table hbnb_jobs.sms_days (
  day date not null,
  messages integer not null default 0,
  segments integer not null default 0,
  spent_minor numeric(14,2) not null default 0,
  refused integer not null default 0,
  refused_at timestamp with time zone
);
create table hbnb_jobs.sms_sends (
  job_id uuid not null,
  delivery_id uuid not null,
  day date not null,
  number_sha256 text not null,
  country text not null,
  segments smallint not null,
  cost_minor numeric(10,2) not null,
  counted_at timestamp with time zone not null default now(),
  told_at timestamp with time zone,
  told_fault integer
);
create table hbnb_jobs.suppressions (
  channel text not null,
  address_sha256 text not null,
  category text not null default ''::text,
  reason text not null,
  source text not null,
  suppressed_at timestamp with time zone not null default now()
);
create table hbnb_jobs.syncs (
  name text not null,
  state text not null,
  holder uuid not null,
  held_until timestamp with time zone not null,
  lines bigint not null default 0,
  lines_sha256 text,
  stored bigint not null default 0,
  unchanged bigint not null default 0,
  outdated bigint not null default 0,
  refused bigint not null default 0,
  bad_lines jsonb not null default '[]'::jsonb,
  started_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now()
);
create table hbnb_jobs.webhook_inbox (
  id uuid not null,
  source text not null,
  event_id text not null,
  scheme text not null,
  type text not null,
  body jsonb not null,
  body_sha256 text not null,
  entity text,
  received_at timestamp with time zone not null default now(),
  job_id uuid,
  handled text,
  handled_reason text,
  replays integer not null default 0,
  earlier_job_ids uuid[] not null default '{}'::uuid[]
);
create table platform.amenities (
  id text not null,
  version bigint not null,
  name_fr text not null,
  name_en text not null,
  synced_at timestamp with time zone not null default now()
);
create table platform.bookings (
  id text not null,
  version bigint not null,
  place_id text not null,
  guest_id text not null,
  status text not null,
  check_in date not null,
  check_out date not null,
  guests smallint not null,
  total_minor bigint not null,
  currency text not null,
  synced_at timestamp with time zone not null default now(),
  payment_intent_id text,
  cancelled_by text,
  created_at timestamp with time zone,
  confirmed_at timestamp with time zone,
  completed_at timestamp with time zone,
  cancelled_at timestamp with time zone
);
create table platform.devices (
  token text not null,
  user_id text not null,
  platform text,
  last_seen_at timestamp with time zone not null default now()
);
create table platform.payments (
  id text not null,
  version bigint not null,
  booking_id text not null,
  payment_intent_id text,
  status text not null,
  amount_minor bigint not null,
  refunded_minor bigint not null default 0,
  currency text not null,
  created_at timestamp with time zone,
  synced_at timestamp with time zone not null default now()
);
create table platform.places (
  id text not null,
  version bigint not null,
  host_id text not null,
  title text not null,
  city text not null,
  country text not null,
  zone text not null,
  synced_at timestamp with time zone not null default now(),
  description text not null default ''::text,
  address text,
  lat double precision,
  lon double precision,
  price_minor bigint,
  currency text,
  capacity smallint,
  amenities text[] not null default '{}'::text[],
  min_stay_nights smallint not null default 1,
  preparation_nights smallint not null default 0,
  check_in_time time without time zone not null default '15:00:00'::time without time zone,
  check_out_time time without time zone not null default '11:00:00'::time without time zone,
  cancellation_policy text not null default 'moderate'::text,
  payment_capture text not null default 'automatic'::text,
  listed boolean not null default true,
  created_at timestamp with time zone
);
create table platform.preferences (
  id text not null,
  version bigint not null,
  notifications jsonb not null default '{}'::jsonb,
  quiet_from time without time zone,
  quiet_to time without time zone,
  max_price_minor bigint,
  currency text,
  preferred_lat double precision,
  preferred_lon double precision,
  preferred_radius_km double precision,
  synced_at timestamp with time zone not null default now()
);
create table platform.users (
  id text not null,
  version bigint not null,
  first_name text not null,
  last_name text not null,
  email text,
  phone text,
  country text,
  locale text,
  zone text,
  email_notifications_enabled boolean not null default true,
  sms_notifications_enabled boolean not null default true,
  synced_at timestamp with time zone not null default now(),
  stripe_customer_id text,
  created_at timestamp with time zone
);
create table platform.versions (
  kind text not null,
  id text not null,
  version bigint not null,
  digest text,
  told_at timestamp with time zone not null default now()
);

-- partitions

create table hbnb_jobs.job_attempts_default partition of hbnb_jobs.job_attempts DEFAULT;
create table hbnb_jobs.job_logs_default partition of hbnb_jobs.job_logs DEFAULT;
create table hbnb_jobs.job_outcomes_default partition of hbnb_jobs.job_outcomes DEFAULT;
create table hbnb_jobs.jobs_default partition of hbnb_jobs.jobs DEFAULT;

-- constraints

alter table hbnb_jobs.alert_channels add constraint alert_channels_pkey PRIMARY KEY (channel);
alter table hbnb_jobs.alerts_sent add constraint alerts_sent_pkey PRIMARY KEY (channel, key);
alter table hbnb_jobs.api_keys add constraint api_keys_key_sha256_key UNIQUE (key_sha256);
alter table hbnb_jobs.api_keys add constraint api_keys_pkey PRIMARY KEY (id);
alter table hbnb_jobs.api_keys add constraint api_keys_requests_per_minute_check CHECK ((requests_per_minute > 0));
alter table hbnb_jobs.api_keys add constraint test_keys_keep_to_themselves CHECK ((NOT (is_test AND ('jobs:any-tenant'::text = ANY (scopes)))));
alter table hbnb_jobs.audit_log add constraint audit_log_pkey PRIMARY KEY (id);
alter table hbnb_jobs.batches add constraint batches_pkey PRIMARY KEY (id);
alter table hbnb_jobs.broadcasts add constraint broadcasts_channels_check CHECK (((channels <@ ARRAY['push'::text, 'email'::text]) AND (cardinality(channels) > 0)));
alter table hbnb_jobs.broadcasts add constraint broadcasts_check CHECK (((user_ids IS NULL) OR (country IS NULL)));
alter table hbnb_jobs.broadcasts add constraint broadcasts_locale_check CHECK ((locale = ANY (ARRAY['fr'::text, 'en'::text])));
alter table hbnb_jobs.broadcasts add constraint broadcasts_pkey PRIMARY KEY (id);
alter table hbnb_jobs.deliveries add constraint deliveries_channel_check CHECK ((channel = ANY (ARRAY['email'::text, 'sms'::text, 'push'::text])));
alter table hbnb_jobs.deliveries add constraint deliveries_check CHECK (((decision = 'defer'::text) = (until IS NOT NULL)));
alter table hbnb_jobs.deliveries add constraint deliveries_decision_check CHECK ((decision = ANY (ARRAY['send'::text, 'defer'::text, 'suppress'::text])));
alter table hbnb_jobs.deliveries add constraint deliveries_notification_id_channel_key UNIQUE (notification_id, channel);
alter table hbnb_jobs.deliveries add constraint deliveries_pkey PRIMARY KEY (id);
alter table hbnb_jobs.digests add constraint digests_pkey PRIMARY KEY (id);
alter table hbnb_jobs.digests add constraint digests_tenant_user_id_category_day_key UNIQUE (tenant, user_id, category, day);
alter table hbnb_jobs.effects add constraint effects_job_id_key_key UNIQUE (job_id, key);
alter table hbnb_jobs.effects add constraint effects_pkey PRIMARY KEY (id);
alter table hbnb_jobs.event_positions add constraint event_positions_pkey PRIMARY KEY (entity);
alter table hbnb_jobs.event_positions add constraint event_positions_sequence_check CHECK ((sequence > 0));
alter table hbnb_jobs.heartbeats add constraint heartbeats_pkey PRIMARY KEY (schedule_key);
alter table hbnb_jobs.idempotency_keys add constraint idempotency_keys_pkey PRIMARY KEY (caller, key);
alter table hbnb_jobs.job_attempts add constraint job_attempts_ending_check CHECK ((ending = ANY (ARRAY['retry'::text, 'not-yet'::text, 'busy'::text, 'handed-back'::text, 'parked'::text, 'crashed'::text, 'lost'::text, 'failed'::text, 'cancelled'::text, 'quarantined'::text])));
alter table hbnb_jobs.job_live add constraint job_live_pkey PRIMARY KEY (id);
alter table hbnb_jobs.job_logs add constraint job_logs_level_check CHECK ((level = ANY (ARRAY['info'::text, 'warn'::text, 'error'::text])));
alter table hbnb_jobs.job_outcomes add constraint job_outcomes_pkey PRIMARY KEY (id);
alter table hbnb_jobs.job_types add constraint job_types_pkey PRIMARY KEY (name);
alter table hbnb_jobs.jobs add constraint jobs_pkey PRIMARY KEY (id);
alter table hbnb_jobs.jobs add constraint jobs_priority_check CHECK (((priority >= 1) AND (priority <= 9)));
alter table hbnb_jobs.leases add constraint leases_pkey PRIMARY KEY (name);
alter table hbnb_jobs.notifications add constraint notifications_check CHECK (((user_id IS NOT NULL) OR (to_email IS NOT NULL) OR (to_phone IS NOT NULL)));
alter table hbnb_jobs.notifications add constraint notifications_check1 CHECK (((template IS NULL) = (template_version IS NULL)));
alter table hbnb_jobs.notifications add constraint notifications_check2 CHECK (((template IS NULL) = (title IS NOT NULL)));
alter table hbnb_jobs.notifications add constraint notifications_dedupe_key_check CHECK (((length(dedupe_key) >= 1) AND (length(dedupe_key) <= 200)));
alter table hbnb_jobs.notifications add constraint notifications_pkey PRIMARY KEY (id);
alter table hbnb_jobs.notifications add constraint notifications_urgency_check CHECK ((urgency = ANY (ARRAY['low'::text, 'normal'::text, 'high'::text])));
alter table hbnb_jobs.operators add constraint operators_pkey PRIMARY KEY (email);
alter table hbnb_jobs.operators add constraint operators_role_check CHECK ((role = ANY (ARRAY['viewer'::text, 'operator'::text, 'admin'::text])));
alter table hbnb_jobs.processes add constraint processes_kind_check CHECK ((kind = ANY (ARRAY['worker'::text, 'relay'::text, 'intake'::text])));
alter table hbnb_jobs.processes add constraint processes_pkey PRIMARY KEY (id);
alter table hbnb_jobs.provider_holds add constraint provider_holds_pkey PRIMARY KEY (budget);
alter table hbnb_jobs.provider_points add constraint provider_points_pkey PRIMARY KEY (key);
alter table hbnb_jobs.queue_settings add constraint queue_settings_concurrency_check CHECK ((concurrency > 0));
alter table hbnb_jobs.queue_settings add constraint queue_settings_pkey PRIMARY KEY (name);
alter table hbnb_jobs.queue_settings add constraint queue_settings_rate_max_check CHECK ((rate_max > 0));
alter table hbnb_jobs.queue_settings add constraint queue_settings_rate_period_ms_check CHECK ((rate_period_ms > 0));
alter table hbnb_jobs.queue_slots add constraint queue_slots_pkey PRIMARY KEY (name);
alter table hbnb_jobs.reactions add constraint reactions_pkey PRIMARY KEY (entity, step);
alter table hbnb_jobs.replays add constraint replays_pkey PRIMARY KEY (id);
alter table hbnb_jobs.replays add constraint replays_rate_per_second_check CHECK (((rate_per_second >= 1) AND (rate_per_second <= 10000)));
alter table hbnb_jobs.replays add constraint replays_state_check CHECK ((state = ANY (ARRAY['running'::text, 'stopped'::text, 'done'::text])));
alter table hbnb_jobs.retention_progress add constraint retention_progress_pkey PRIMARY KEY (retention_days);
alter table hbnb_jobs.review_requests add constraint review_requests_booking_id_check CHECK (((length(booking_id) >= 1) AND (length(booking_id) <= 64)));
alter table hbnb_jobs.review_requests add constraint review_requests_pkey PRIMARY KEY (booking_id);
alter table hbnb_jobs.schedule_runs add constraint schedule_runs_decision_check CHECK ((decision = ANY (ARRAY['run'::text, 'skipped-missed'::text, 'skipped-overlap'::text, 'skipped-paused'::text, 'refused'::text, 'by-hand'::text])));
alter table hbnb_jobs.schedule_runs add constraint schedule_runs_pkey PRIMARY KEY (schedule_key, slot);
alter table hbnb_jobs.schedules add constraint schedules_missed_cap_check CHECK (((missed_cap >= 1) AND (missed_cap <= 1000)));
alter table hbnb_jobs.schedules add constraint schedules_missed_check CHECK ((missed = ANY (ARRAY['skip'::text, 'once'::text, 'all'::text])));
alter table hbnb_jobs.schedules add constraint schedules_overlap_check CHECK ((overlap = ANY (ARRAY['skip'::text, 'queue'::text])));
alter table hbnb_jobs.schedules add constraint schedules_pkey PRIMARY KEY (key);
alter table hbnb_jobs.schedules add constraint schedules_source_check CHECK ((source = ANY (ARRAY['contract'::text, 'api'::text])));
alter table hbnb_jobs.sessions add constraint sessions_pkey PRIMARY KEY (token_sha256);
alter table hbnb_jobs.sign_in_links add constraint sign_in_links_pkey PRIMARY KEY (token_sha256);
alter table hbnb_jobs.sms_days add constraint sms_days_pkey PRIMARY KEY (day);
alter table hbnb_jobs.sms_sends add constraint sms_sends_pkey PRIMARY KEY (job_id);
alter table hbnb_jobs.suppressions add constraint suppressions_channel_check CHECK ((channel = ANY (ARRAY['email'::text, 'sms'::text, 'push'::text])));
alter table hbnb_jobs.suppressions add constraint suppressions_pkey PRIMARY KEY (channel, address_sha256, category);
alter table hbnb_jobs.suppressions add constraint suppressions_reason_check CHECK ((reason = ANY (ARRAY['bounced'::text, 'spam-report'::text, 'unsubscribed'::text, 'opted-out'::text, 'invalid'::text, 'not-mobile'::text, 'by-hand'::text])));
alter table hbnb_jobs.syncs add constraint syncs_name_check CHECK ((name ~ '^[a-z0-9-]{1,64}$'::text));
alter table hbnb_jobs.syncs add constraint syncs_pkey PRIMARY KEY (name);
alter table hbnb_jobs.syncs add constraint syncs_state_check CHECK ((state = ANY (ARRAY['running'::text, 'cut'::text, 'done'::text])));
alter table hbnb_jobs.webhook_inbox add constraint webhook_inbox_handled_check CHECK ((handled = ANY (ARRAY['processed'::text, 'ignored'::text])));
alter table hbnb_jobs.webhook_inbox add constraint webhook_inbox_pkey PRIMARY KEY (id);
alter table hbnb_jobs.webhook_inbox add constraint webhook_inbox_scheme_check CHECK ((scheme = ANY (ARRAY['standard'::text, 'legacy'::text, 'sendgrid'::text, 'stripe'::text, 'twilio'::text])));
alter table hbnb_jobs.webhook_inbox add constraint webhook_inbox_source_event_id_key UNIQUE (source, event_id);
alter table platform.amenities add constraint amenities_id_check CHECK (((length(id) >= 1) AND (length(id) <= 64)));
alter table platform.amenities add constraint amenities_pkey PRIMARY KEY (id);
alter table platform.bookings add constraint bookings_cancelled_by_check CHECK ((cancelled_by = ANY (ARRAY['guest'::text, 'host'::text, 'platform'::text])));
alter table platform.bookings add constraint bookings_check CHECK ((check_in < check_out));
alter table platform.bookings add constraint bookings_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text));
alter table platform.bookings add constraint bookings_guests_check CHECK ((guests > 0));
alter table platform.bookings add constraint bookings_id_check CHECK (((length(id) >= 1) AND (length(id) <= 64)));
alter table platform.bookings add constraint bookings_pkey PRIMARY KEY (id);
alter table platform.bookings add constraint bookings_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'confirmed'::text, 'cancelled'::text, 'completed'::text])));
alter table platform.bookings add constraint bookings_total_minor_check CHECK ((total_minor >= 0));
alter table platform.devices add constraint devices_pkey PRIMARY KEY (token);
alter table platform.devices add constraint devices_platform_check CHECK ((platform = ANY (ARRAY['android'::text, 'ios'::text, 'web'::text])));
alter table platform.payments add constraint payments_amount_minor_check CHECK ((amount_minor >= 0));
alter table platform.payments add constraint payments_check CHECK (((refunded_minor >= 0) AND (refunded_minor <= amount_minor)));
alter table platform.payments add constraint payments_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text));
alter table platform.payments add constraint payments_id_check CHECK (((length(id) >= 1) AND (length(id) <= 64)));
alter table platform.payments add constraint payments_pkey PRIMARY KEY (id);
alter table platform.payments add constraint payments_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'authorized'::text, 'succeeded'::text, 'failed'::text, 'cancelled'::text, 'refunded'::text])));
alter table platform.places add constraint places_cancellation_policy_check CHECK ((cancellation_policy = ANY (ARRAY['flexible'::text, 'moderate'::text, 'strict'::text])));
alter table platform.places add constraint places_capacity_check CHECK ((capacity > 0));
alter table platform.places add constraint places_check CHECK (((lat IS NULL) = (lon IS NULL)));
alter table platform.places add constraint places_country_check CHECK ((country ~ '^[A-Z]{2}$'::text));
alter table platform.places add constraint places_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text));
alter table platform.places add constraint places_id_check CHECK (((length(id) >= 1) AND (length(id) <= 64)));
alter table platform.places add constraint places_lat_check CHECK (((lat >= ('-90'::integer)::double precision) AND (lat <= (90)::double precision)));
alter table platform.places add constraint places_lon_check CHECK (((lon >= ('-180'::integer)::double precision) AND (lon <= (180)::double precision)));
alter table platform.places add constraint places_min_stay_nights_check CHECK ((min_stay_nights > 0));
alter table platform.places add constraint places_payment_capture_check CHECK ((payment_capture = ANY (ARRAY['automatic'::text, 'manual'::text])));
alter table platform.places add constraint places_pkey PRIMARY KEY (id);
alter table platform.places add constraint places_preparation_nights_check CHECK ((preparation_nights >= 0));
alter table platform.places add constraint places_price_minor_check CHECK ((price_minor >= 0));
alter table platform.preferences add constraint preferences_check CHECK (((quiet_from IS NULL) = (quiet_to IS NULL)));
alter table platform.preferences add constraint preferences_check1 CHECK (((preferred_lat IS NULL) = (preferred_lon IS NULL)));
alter table platform.preferences add constraint preferences_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text));
alter table platform.preferences add constraint preferences_id_check CHECK (((length(id) >= 1) AND (length(id) <= 64)));
alter table platform.preferences add constraint preferences_max_price_minor_check CHECK ((max_price_minor >= 0));
alter table platform.preferences add constraint preferences_pkey PRIMARY KEY (id);
alter table platform.preferences add constraint preferences_preferred_lat_check CHECK (((preferred_lat >= ('-90'::integer)::double precision) AND (preferred_lat <= (90)::double precision)));
alter table platform.preferences add constraint preferences_preferred_lon_check CHECK (((preferred_lon >= ('-180'::integer)::double precision) AND (preferred_lon <= (180)::double precision)));
alter table platform.preferences add constraint preferences_preferred_radius_km_check CHECK ((preferred_radius_km > (0)::double precision));
alter table platform.users add constraint users_country_check CHECK ((country ~ '^[A-Z]{2}$'::text));
alter table platform.users add constraint users_id_check CHECK (((length(id) >= 1) AND (length(id) <= 64)));
alter table platform.users add constraint users_pkey PRIMARY KEY (id);
alter table platform.versions add constraint versions_id_check CHECK (((length(id) >= 1) AND (length(id) <= 64)));
alter table platform.versions add constraint versions_kind_check CHECK ((kind = ANY (ARRAY['user'::text, 'preferences'::text, 'amenity'::text, 'place'::text, 'booking'::text, 'payment'::text])));
alter table platform.versions add constraint versions_pkey PRIMARY KEY (kind, id);
alter table hbnb_jobs.deliveries add constraint deliveries_notification_id_fkey FOREIGN KEY (notification_id) REFERENCES hbnb_jobs.notifications(id);
alter table hbnb_jobs.sessions add constraint sessions_operator_email_fkey FOREIGN KEY (operator_email) REFERENCES hbnb_jobs.operators(email) ON DELETE CASCADE;
alter table hbnb_jobs.sign_in_links add constraint sign_in_links_operator_email_fkey FOREIGN KEY (operator_email) REFERENCES hbnb_jobs.operators(email) ON DELETE CASCADE;
alter table platform.devices add constraint devices_user_id_fkey FOREIGN KEY (user_id) REFERENCES platform.users(id) ON DELETE CASCADE;

-- functions

CREATE OR REPLACE FUNCTION hbnb_jobs.accept_one(place text, name text, payload jsonb, key text, run_at timestamp with time zone, priority integer, expires_at timestamp with time zone, entity text, tags text[])
 RETURNS uuid
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  #variable_conflict use_column
  declare
    type hbnb_jobs.job_types;
    id constant uuid := hbnb_jobs.uuid_v7();
    tenant constant text := hbnb_jobs.session_tenant();
    first_id uuid;
  begin
    select t.* into type from hbnb_jobs.job_types t where t.name = accept_one.name;
    if not found then
      raise exception using errcode = 'JB001', message = format('%sthere is no job %s', place, quote_nullable(left(accept_one.name, 100))),
        hint = format('Jobs that may be made by SQL: %s.',
          (select coalesce(string_agg(t.name, ', ' order by t.name), 'none yet') from hbnb_jobs.job_types t where t.open));
    end if;
    if not type.open then
      raise exception using errcode = 'JB002', message = format('%s%s is only made by other jobs', place, type.name),
        hint = format('Jobs that may be made by SQL: %s.',
          (select coalesce(string_agg(t.name, ', ' order by t.name), 'none yet') from hbnb_jobs.job_types t where t.open));
    end if;
    perform hbnb_jobs.check_payload(place, type, payload);
    perform hbnb_jobs.check_options(place, key, run_at, priority, expires_at, entity, tags);

    if accept_one.key is not null then
      first_id := hbnb_jobs.take_key(place, key, type.name, payload, id);
      if first_id <> id then return first_id; end if;
    end if;

    insert into hbnb_jobs.jobs (id, name, version, payload, tenant, entity, tags, priority, run_at, expires_at)
    values (
      id, type.name, type.version, accept_one.payload, tenant, accept_one.entity, coalesce(accept_one.tags, '{}'),
      coalesce(accept_one.priority, type.priority), coalesce(accept_one.run_at, now()),
      coalesce(accept_one.expires_at,
        greatest(accept_one.run_at, clock_timestamp()) + type.expires_after_ms * interval '1 millisecond'));
    insert into hbnb_jobs.job_live (id, name, priority, run_at, lane, unique_key)
    values (
      id, type.name, coalesce(accept_one.priority, type.priority), coalesce(accept_one.run_at, now()),
      concat_ws(chr(31), tenant, hbnb_jobs.key_of(type.lane_by, payload)), hbnb_jobs.key_of(type.unique_by, payload));
    perform pg_notify('hbnb_jobs', '');
    return id;
  end
  $function$
;
CREATE OR REPLACE FUNCTION hbnb_jobs.cancel(id uuid)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  declare
    own_tenant constant text := hbnb_jobs.session_tenant();
    live hbnb_jobs.job_live;
    ended text;
  begin
    if not exists (select from hbnb_jobs.jobs j where j.id = cancel.id and j.tenant = own_tenant) then
      return 'unknown-job';
    end if;
    select l.* into live from hbnb_jobs.job_live l where l.id = cancel.id for update;
    if not found then
      select o.outcome::text into ended from hbnb_jobs.job_outcomes o where o.id = cancel.id;
      return coalesce(ended, 'unknown-job');
    end if;
    -- What may be on its way outside must first be known: the run that finds out sees the request.
    if live.state = 'running' or exists (
      select from hbnb_jobs.effects e
      where e.job_id = cancel.id and (e.state = 'sending' or (e.state = 'unknown' and e.settled_at is null))
    ) then
      update hbnb_jobs.job_live l set cancel_requested = true where l.id = cancel.id;
      return 'cancel-requested';
    end if;
    delete from hbnb_jobs.job_live l where l.id = cancel.id;
    insert into hbnb_jobs.job_outcomes (id, outcome, attempts, reason, owner, started_at)
    values (cancel.id, 'cancelled', live.attempts, 'cancelled by sql:' || session_user, live.owner, live.started_at);
    return 'cancelled';
  end
  $function$
;
CREATE OR REPLACE FUNCTION hbnb_jobs.check_options(place text, key text, run_at timestamp with time zone, priority integer, expires_at timestamp with time zone, entity text, tags text[])
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  declare
    furthest constant timestamptz := clock_timestamp() + interval '732 days';
    fault text;
  begin
    fault := case
      when key !~ '^[!-~]{1,255}$' then 'key must be 1 to 255 visible ASCII characters without spaces'
      when not isfinite(run_at) or run_at >= furthest then 'run_at must be less than two years ahead'
      when priority not between 1 and 9 then 'priority must be 1 (first) to 9'
      when not isfinite(expires_at) or expires_at >= furthest then 'expires_at must be less than two years ahead'
      when expires_at <= greatest(run_at, clock_timestamp()) then 'expires_at must lie in the future and after run_at'
      when entity !~ '^[a-z][a-z-]{0,31}:[^[:space:][:cntrl:]]{1,64}$' then 'entity must read <kind>:<id>, such as booking:42'
      when cardinality(tags) > 10 then 'there may be 10 tags'
      when array_ndims(tags) > 1 then 'tags must be one list'
      when exists (select from unnest(tags) as tag where (tag ~ '^[A-Za-z0-9._:/-]{1,64}$') is not true)
        then 'a tag must be 1 to 64 letters, digits and . _ : / -'
    end;
    if fault is not null then
      raise exception using errcode = 'JB005', message = place || fault,
        hint = 'Options are the same as over HTTP; ids and labels only, never personal data.';
    end if;
  end
  $function$
;
CREATE OR REPLACE FUNCTION hbnb_jobs.check_payload(place text, type hbnb_jobs.job_types, payload jsonb)
 RETURNS void
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  declare
    max_bytes constant integer := least(coalesce(type.max_payload_bytes, 65536), 65536);
    faulty text;
  begin
    if payload is null or jsonb_typeof(payload) <> 'object' then
      raise exception using errcode = 'JB003', message = format('%spayload must be a JSON object', place),
        hint = 'Pass jsonb_build_object(...), or cast your JSON text to jsonb.';
    end if;
    if octet_length(payload::text) > max_bytes then
      raise exception using errcode = 'JB003', message = format('%spayload is larger than %s bytes', place, max_bytes),
        hint = 'Keep the data in a table of your own and pass its id.';
    end if;
    if exists (
      select from jsonb_path_query(payload, 'strict $.**{32}') as deep where jsonb_typeof(deep) in ('object', 'array')
    ) then
      raise exception using errcode = 'JB003', message = format('%spayload is nested more than 32 levels deep', place),
        hint = 'Pass ids and flat values.';
    end if;
    select string_agg(field, ', ' order by field) into faulty from unnest(type.required) as field where payload -> field is null;
    if faulty is not null then
      raise exception using errcode = 'JB003', message = format('%s%s needs %s in its payload', place, type.name, faulty),
        hint = format('Required fields of %s: %s.', type.name, array_to_string(type.required, ', '));
    end if;
    if type.fields is not null then
      select string_agg(left(field, 64), ', ' order by field) into faulty
      from jsonb_object_keys(payload) as field where field <> all (type.fields);
      if faulty is not null then
        raise exception using errcode = 'JB003', message = format('%s%s does not know %s', place, type.name, left(faulty, 200)),
          hint = format('Fields of %s: %s.', type.name, array_to_string(type.fields, ', '));
      end if;
    end if;
  end
  $function$
;
CREATE OR REPLACE FUNCTION hbnb_jobs.enqueue(name text, payload jsonb, key text DEFAULT NULL::text, run_at timestamp with time zone DEFAULT NULL::timestamp with time zone, priority integer DEFAULT NULL::integer, expires_at timestamp with time zone DEFAULT NULL::timestamp with time zone, entity text DEFAULT NULL::text, tags text[] DEFAULT '{}'::text[])
 RETURNS uuid
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  begin
    return hbnb_jobs.accept_one('', name, payload, key, run_at, priority, expires_at, entity, tags);
  end
  $function$
;
CREATE OR REPLACE FUNCTION hbnb_jobs.enqueue_many(jobs jsonb)
 RETURNS SETOF uuid
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  declare
    max_jobs constant integer := 1000;
    known constant text[] := array['name', 'payload', 'key', 'run_at', 'priority', 'expires_at', 'entity', 'tags'];
    job jsonb;
    place text;
    strange text;
  begin
    if jobs is null or jsonb_typeof(jobs) <> 'array' or jsonb_array_length(jobs) > max_jobs then
      raise exception using errcode = 'JB005', message = format('jobs must be a JSON array of at most %s jobs', max_jobs),
        hint = 'Each is an object with name and payload, and options as enqueue() has them.';
    end if;
    for index in 0 .. jsonb_array_length(jobs) - 1 loop
      job := jobs -> index;
      place := format('job %s: ', index);
      if jsonb_typeof(job) <> 'object' then
        raise exception using errcode = 'JB005', message = format('%sit must be an object', place),
          hint = 'Each is an object with name and payload, and options as enqueue() has them.';
      end if;
      select left(string_agg(field, ', ' order by field), 200) into strange from jsonb_object_keys(job) as field where field <> all (known);
      if strange is not null then
        raise exception using errcode = 'JB005', message = format('%sthere is no option %s', place, strange),
          hint = format('Known are %s.', array_to_string(known, ', '));
      end if;
      return next hbnb_jobs.accept_one(
        place, job ->> 'name', nullif(job -> 'payload', 'null'), job ->> 'key', (job ->> 'run_at')::timestamptz,
        (job ->> 'priority')::integer, (job ->> 'expires_at')::timestamptz, job ->> 'entity',
        array(select jsonb_array_elements_text(nullif(job -> 'tags', 'null'))));
    end loop;
  end
  $function$
;
CREATE OR REPLACE FUNCTION hbnb_jobs.error_signature(error jsonb)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
RETURN "left"(((COALESCE((error ->> 'code'::text), (error ->> 'name'::text)) || ':'::text) || regexp_replace(regexp_replace(regexp_replace((error ->> 'message'::text), '"[^"]*"|`[^`]*`|«[^»]*»|[A-Za-z0-9_-]*[0-9][A-Za-z0-9_-]*'::text, '#'::text, 'g'::text), '(^|[^A-Za-z0-9])''[^'']*'''::text, '\1#'::text, 'g'::text), '[ \t\r\n]+'::text, ' '::text, 'g'::text)), 120)
;
CREATE OR REPLACE FUNCTION hbnb_jobs.key_of(fields text[], payload jsonb)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN (SELECT string_agg(CASE jsonb_typeof((key_of.payload -> f.field)) WHEN 'number'::text THEN (trim_scale(((key_of.payload ->> f.field))::numeric))::text ELSE COALESCE((key_of.payload ->> f.field), ''::text) END, chr(31) ORDER BY f.place) AS string_agg FROM unnest(key_of.fields) WITH ORDINALITY f(field, place))
;
CREATE OR REPLACE FUNCTION hbnb_jobs.session_tenant()
 RETURNS text
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  declare
    tenant constant text := coalesce(nullif(current_setting('hbnb_jobs.tenant', true), ''), 'default');
  begin
    if tenant !~ '^[!-~]{1,64}$' then
      raise exception using errcode = 'JB005', message = 'hbnb_jobs.tenant must be 1 to 64 visible ASCII characters',
        hint = 'Leave it unset for the tenant default.';
    end if;
    return tenant;
  end
  $function$
;
CREATE OR REPLACE FUNCTION hbnb_jobs.take_key(place text, key text, name text, payload jsonb, id uuid)
 RETURNS uuid
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  #variable_conflict use_column
  declare
    caller constant text := 'sql:' || session_user;
    request constant text := encode(sha256(convert_to(take_key.name || chr(10) || take_key.payload::text, 'UTF8')), 'hex');
    until constant timestamptz := clock_timestamp() + interval '24 hours';
    answer constant jsonb := jsonb_build_object('id', take_key.id);
    known hbnb_jobs.idempotency_keys;
  begin
    loop
      insert into hbnb_jobs.idempotency_keys as k (caller, key, request_sha256, job_ids, answer, expires_at)
      values (caller, take_key.key, request, array[take_key.id], answer, until)
      on conflict do nothing;
      if found then return take_key.id; end if;

      select k.* into known from hbnb_jobs.idempotency_keys k where k.caller = 'sql:' || session_user and k.key = take_key.key;
      if found and known.expires_at > clock_timestamp() then
        if known.request_sha256 = request then return known.job_ids[1]; end if;
        raise exception using errcode = 'JB004',
          message = format('%skey %s stands for another job', place, quote_literal(take_key.key)),
          detail = format('It was used for job %s with another name or payload, and stands for that until %s.', known.job_ids[1], known.expires_at),
          hint = 'Use one key per piece of work, such as the id of the row it is about.';
      end if;
      -- Expired: it is ours unless somebody else renews it first; the next round tells.
      delete from hbnb_jobs.idempotency_keys k
      where k.caller = 'sql:' || session_user and k.key = take_key.key and k.expires_at <= clock_timestamp();
    end loop;
  end
  $function$
;
CREATE OR REPLACE FUNCTION hbnb_jobs.uuid_v7(at timestamp with time zone DEFAULT clock_timestamp())
 RETURNS uuid
 LANGUAGE sql
 PARALLEL SAFE
RETURN (SELECT (encode(OVERLAY(uuid_send(gen_random_uuid()) PLACING (SUBSTRING(int8send((t.micros / 1000)) FROM 3) || int2send(((28672 + (((t.micros % (1000)::bigint) * 4096) / 1000)))::smallint)) FROM 1 FOR 8), 'hex'::text))::uuid AS encode FROM (SELECT ((EXTRACT(epoch FROM uuid_v7.at) * (1000000)::numeric))::bigint AS micros) t)
;

-- indexes

CREATE INDEX audit_log_by_target ON hbnb_jobs.audit_log USING btree (target, at);
CREATE INDEX batches_closing ON hbnb_jobs.batches USING btree (id) WHERE ((closed_at IS NOT NULL) AND (done_at IS NULL));
CREATE INDEX deliveries_by_job ON hbnb_jobs.deliveries USING btree (job_id);
CREATE INDEX digests_open ON hbnb_jobs.digests USING btree (closes_at, id) WHERE (closed_at IS NULL);
CREATE INDEX effects_in_flight ON hbnb_jobs.effects USING btree (send_by) WHERE (state = 'sending'::hbnb_jobs.effect_state);
CREATE INDEX effects_unknown ON hbnb_jobs.effects USING btree (unknown_at) WHERE (state = 'unknown'::hbnb_jobs.effect_state);
CREATE INDEX idempotency_keys_by_expiry ON hbnb_jobs.idempotency_keys USING btree (expires_at);
CREATE INDEX job_attempts_by_job ON ONLY hbnb_jobs.job_attempts USING btree (job_id);
CREATE INDEX job_live_due ON hbnb_jobs.job_live USING btree (name, priority, lane, run_at, id);
CREATE INDEX job_live_unique ON hbnb_jobs.job_live USING btree (name, unique_key, id) WHERE (unique_key IS NOT NULL);
CREATE INDEX job_logs_by_job ON ONLY hbnb_jobs.job_logs USING btree (job_id);
CREATE INDEX job_outcomes_by_error ON ONLY hbnb_jobs.job_outcomes USING btree (hbnb_jobs.error_signature(error) COLLATE "C", id) WHERE (error IS NOT NULL);
CREATE INDEX job_outcomes_by_finish ON ONLY hbnb_jobs.job_outcomes USING brin (finished_at) WITH (pages_per_range='16', autosummarize='on');
CREATE INDEX job_outcomes_ended_badly ON ONLY hbnb_jobs.job_outcomes USING btree (id) WHERE (outcome = ANY (ARRAY['failed'::hbnb_jobs.job_outcome, 'cancelled'::hbnb_jobs.job_outcome, 'quarantined'::hbnb_jobs.job_outcome]));
CREATE INDEX job_outcomes_skipped ON ONLY hbnb_jobs.job_outcomes USING btree (id) WHERE (outcome = 'skipped'::hbnb_jobs.job_outcome);
CREATE INDEX jobs_by_batch ON ONLY hbnb_jobs.jobs USING btree (batch_id, id) WHERE (batch_id IS NOT NULL);
CREATE INDEX jobs_by_entity ON ONLY hbnb_jobs.jobs USING btree (entity, id) WHERE (entity IS NOT NULL);
CREATE INDEX jobs_by_name ON ONLY hbnb_jobs.jobs USING brin (name text_bloom_ops, tenant text_bloom_ops) WITH (pages_per_range='32', autosummarize='on');
CREATE INDEX jobs_by_parent ON ONLY hbnb_jobs.jobs USING btree (parent_id) WHERE (parent_id IS NOT NULL);
CREATE INDEX jobs_by_tag ON ONLY hbnb_jobs.jobs USING gin (tags) WHERE (tags <> '{}'::text[]);
CREATE UNIQUE INDEX notifications_by_dedupe ON hbnb_jobs.notifications USING btree (tenant, COALESCE(user_id, to_email, to_phone), dedupe_key) WHERE (dedupe_key IS NOT NULL);
CREATE INDEX notifications_by_digest ON hbnb_jobs.notifications USING btree (digest_id) WHERE (digest_id IS NOT NULL);
CREATE INDEX notifications_by_entity ON hbnb_jobs.notifications USING btree (entity) WHERE (entity IS NOT NULL);
CREATE INDEX notifications_by_user ON hbnb_jobs.notifications USING btree (user_id, created_at);
CREATE INDEX notifications_unread ON hbnb_jobs.notifications USING btree (user_id, created_at) WHERE (read_at IS NULL);
CREATE INDEX processes_unswept ON hbnb_jobs.processes USING btree (beat_at) WHERE (swept_at IS NULL);
CREATE INDEX schedule_runs_with_job ON hbnb_jobs.schedule_runs USING btree (schedule_key, slot) WHERE (job_id IS NOT NULL);
CREATE INDEX schedules_due ON hbnb_jobs.schedules USING btree (look_at) WHERE (removed_at IS NULL);
CREATE INDEX sms_sends_by_delivery ON hbnb_jobs.sms_sends USING btree (delivery_id);
CREATE INDEX sms_sends_by_number ON hbnb_jobs.sms_sends USING btree (number_sha256, counted_at);
CREATE INDEX sms_sends_filtered ON hbnb_jobs.sms_sends USING btree (told_at) WHERE (told_fault = 30007);
CREATE INDEX webhook_inbox_by_entity ON hbnb_jobs.webhook_inbox USING btree (entity) WHERE (entity IS NOT NULL);
CREATE INDEX webhook_inbox_by_kind ON hbnb_jobs.webhook_inbox USING brin (source text_bloom_ops, type text_bloom_ops) WITH (pages_per_range='32', autosummarize='on');
CREATE INDEX webhook_inbox_ignored ON hbnb_jobs.webhook_inbox USING btree (id) WHERE (handled = 'ignored'::text);
CREATE INDEX webhook_inbox_unhandled ON hbnb_jobs.webhook_inbox USING btree (id) WHERE (handled IS NULL);
CREATE INDEX bookings_by_check_in ON platform.bookings USING btree (check_in, id) WHERE (status = 'confirmed'::text);
CREATE INDEX bookings_by_check_out ON platform.bookings USING btree (check_out, id) WHERE (status = ANY (ARRAY['confirmed'::text, 'completed'::text]));
CREATE INDEX bookings_by_guest ON platform.bookings USING btree (guest_id);
CREATE INDEX bookings_by_place ON platform.bookings USING btree (place_id, check_in);
CREATE INDEX devices_by_user ON platform.devices USING btree (user_id);
CREATE INDEX payments_by_booking ON platform.payments USING btree (booking_id);
CREATE INDEX payments_by_intent ON platform.payments USING btree (payment_intent_id) WHERE (payment_intent_id IS NOT NULL);

-- views

create view hbnb_jobs.job_status as
 SELECT j.id,
    j.name,
        CASE
            WHEN (o.outcome IS NOT NULL) THEN (o.outcome)::text
            WHEN (l.state = 'running'::hbnb_jobs.job_state) THEN 'active'::text
            WHEN (l.state = 'parked'::hbnb_jobs.job_state) THEN 'parked'::text
            WHEN (l.attempts > 0) THEN 'retrying'::text
            WHEN ((l.state = 'accepted'::hbnb_jobs.job_state) AND (l.run_at > now())) THEN 'scheduled'::text
            ELSE 'waiting'::text
        END AS state,
    COALESCE(o.attempts, l.attempts, (0)::smallint) AS attempts,
    j.accepted_at,
    j.run_at,
        CASE
            WHEN ((l.state = ANY (ARRAY['accepted'::hbnb_jobs.job_state, 'parked'::hbnb_jobs.job_state])) AND (l.run_at > now())) THEN l.run_at
            ELSE NULL::timestamp with time zone
        END AS next_at,
    o.finished_at,
    j.expires_at,
    j.priority,
    j.entity,
    j.tags,
    j.parent_id,
    COALESCE(l.cancel_requested, false) AS cancel_requested,
    o.result,
    o.reason,
    (COALESCE(o.error, l.last_error) ->> 'code'::text) AS error_code,
    (COALESCE(o.error, l.last_error) ->> 'message'::text) AS error_message
   FROM ((hbnb_jobs.jobs j
     LEFT JOIN hbnb_jobs.job_live l ON ((l.id = j.id)))
     LEFT JOIN hbnb_jobs.job_outcomes o ON ((o.id = j.id)))
  WHERE (j.tenant = COALESCE(NULLIF(current_setting('hbnb_jobs.tenant'::text, true), ''::text), 'default'::text));

-- triggers



-- comments

comment on column hbnb_jobs.alert_channels.looked_until is 'What happened before this instant has been told, is held back, or is too old to tell.';
comment on column hbnb_jobs.alerts_sent.held_since is 'The first of what has happened since it was told, and is told when the hour is over; null = nothing has.';
comment on column hbnb_jobs.api_keys.caller_id is 'The first key of a line of rotated keys: what its callers are known by; null = this one.';
comment on column hbnb_jobs.api_keys.requests_per_minute is 'null = as API_KEY_REQUESTS_PER_MINUTE says.';
comment on column hbnb_jobs.deliveries.sent_again_at is 'When it was given another job because the first did not reach anybody; that happens once.';
comment on column hbnb_jobs.job_live.crashes is 'Times a process died that ran this job alone; three quarantine it.';
comment on column hbnb_jobs.job_live.lane is 'Whose turn this is: the tenant, with the key of a perKey limit behind it where the contract has one.';
comment on column hbnb_jobs.job_live.payload_bytes is 'Of the payload as it was sent; null = not known. Limits what may wait.';
comment on column hbnb_jobs.job_live.progress is 'What the job says itself: {done, total} and perhaps a message.';
comment on column hbnb_jobs.job_live.suspect is 'Its process died while it ran: it runs next alone, in a process of its own.';
comment on column hbnb_jobs.job_types.fields is 'All fields a payload may have; null = any.';
comment on column hbnb_jobs.job_types.max_payload_bytes is 'Of the payload as jsonb prints it; null = 65536.';
comment on column hbnb_jobs.replays."position" is 'Every dead job up to this id has been decided; it moves in the transaction that retries.';
comment on column hbnb_jobs.replays.kept_effects is 'Effects of the retried jobs that had taken place and are not repeated.';
comment on column hbnb_jobs.replays.next_at is 'No job is retried before this: the rate holds however many processes work at it.';
comment on column hbnb_jobs.schedule_runs.slots_until is 'Not null: this row stands for every slot from its own to before this one, too many to list.';
comment on column hbnb_jobs.schedules.look_at is 'When the relay next looks: the next slot, or sooner. Only decided_until says what has been decided.';
comment on column hbnb_jobs.sms_days.refused is 'SMS that were not sent because the day had its number or its cost; refused_at is the last of them.';
comment on column hbnb_jobs.sms_days.spent_minor is 'In minor units of the currency of the bill, by the prices of SMS_PRICES.';
comment on column hbnb_jobs.sms_sends.told_at is 'When the provider said how it ended; told_fault is its error code, null for delivered.';
comment on column hbnb_jobs.syncs.bad_lines is 'The first hundred that were refused, with the reasons.';
comment on function hbnb_jobs.cancel(uuid) is 'Answers cancelled, cancel-requested, unknown-job, or how the job had ended before.';
comment on function hbnb_jobs.enqueue(text,jsonb,text,timestamp with time zone,integer,timestamp with time zone,text,text[]) is 'Makes a job when the surrounding transaction commits. Answers its id.';
comment on function hbnb_jobs.enqueue_many(jsonb) is 'Makes all of [{name, payload, ...options}] or none. Answers their ids in order.';
comment on function hbnb_jobs.key_of(text[],jsonb) is 'The same text as keyOf() in src/ledger/new-job.ts.';
comment on table hbnb_jobs.effects is 'One row per outside effect that a repeat would double; outlives replay.';
comment on table hbnb_jobs.job_attempts is 'Runs that did not end their job; the last run is in job_outcomes.';
comment on table hbnb_jobs.job_logs is 'Redacted before it is written. (token, line) is unique within a job.';
comment on table hbnb_jobs.leases is 'Work that one process does at a time; whoever holds it says so again before held_until.';
comment on table hbnb_jobs.queue_slots is 'The rising number last written into each queue; a queue that has less has lost jobs and is swept wholly.';
comment on table hbnb_jobs.retention_progress is 'Jobs of these types that ended before this instant are gone; a changed list of types begins anew.';
comment on table hbnb_jobs.sms_days is 'SMS of a day in UTC: those sent and those about to be.';
comment on view hbnb_jobs.job_status is 'The jobs of the session''s tenant, in the words of GET /v1/jobs/{id}; no payloads.';

-- rights of others than the owner

grant execute on function hbnb_jobs.cancel(uuid) to hbnb_enqueuer;
grant execute on function hbnb_jobs.enqueue(text,jsonb,text,timestamp with time zone,integer,timestamp with time zone,text,text[]) to hbnb_enqueuer;
grant execute on function hbnb_jobs.enqueue_many(jsonb) to hbnb_enqueuer;
grant select on hbnb_jobs.job_status to hbnb_enqueuer;
grant usage on schema hbnb_jobs to hbnb_enqueuer;

-- functions that PUBLIC may not execute

revoke all on function hbnb_jobs.accept_one(text,text,jsonb,text,timestamp with time zone,integer,timestamp with time zone,text,text[]) from public;
revoke all on function hbnb_jobs.cancel(uuid) from public;
revoke all on function hbnb_jobs.check_options(text,text,timestamp with time zone,integer,timestamp with time zone,text,text[]) from public;
revoke all on function hbnb_jobs.check_payload(text,hbnb_jobs.job_types,jsonb) from public;
revoke all on function hbnb_jobs.enqueue(text,jsonb,text,timestamp with time zone,integer,timestamp with time zone,text,text[]) from public;
revoke all on function hbnb_jobs.enqueue_many(jsonb) from public;
revoke all on function hbnb_jobs.error_signature(jsonb) from public;
revoke all on function hbnb_jobs.key_of(text[],jsonb) from public;
revoke all on function hbnb_jobs.session_tenant() from public;
revoke all on function hbnb_jobs.take_key(text,text,text,jsonb,uuid) from public;
revoke all on function hbnb_jobs.uuid_v7(timestamp with time zone) from public;
