import type { Knex } from 'knex'

/** What SMS cost. A row per SMS, so that each is counted once however often its job runs; a row per day, so that nobody has to add up. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table hbnb_jobs.sms_days (
      day date primary key,
      messages integer not null default 0,
      segments integer not null default 0,
      spent_minor numeric(14, 2) not null default 0
    );
    comment on table hbnb_jobs.sms_days is 'SMS of a day in UTC: those sent and those about to be.';
    comment on column hbnb_jobs.sms_days.spent_minor is 'In minor units of the currency of the bill, by the prices of SMS_PRICES.';

    create table hbnb_jobs.sms_sends (
      job_id uuid primary key,
      delivery_id uuid not null,
      day date not null,
      number_sha256 text not null,
      country text not null,
      segments smallint not null,
      cost_minor numeric(10, 2) not null,
      counted_at timestamptz not null default now(),
      told_at timestamptz,
      told_fault integer
    );
    comment on column hbnb_jobs.sms_sends.told_at is 'When the provider said how it ended; told_fault is its error code, null for delivered.';
    create index sms_sends_by_number on hbnb_jobs.sms_sends (number_sha256, counted_at);
    create index sms_sends_by_delivery on hbnb_jobs.sms_sends (delivery_id);
    -- What networks took for spam: rare, and looked for before each send.
    create index sms_sends_filtered on hbnb_jobs.sms_sends (told_at) where told_fault = 30007;

    alter table hbnb_jobs.deliveries add sent_again_at timestamptz;
    comment on column hbnb_jobs.deliveries.sent_again_at is 'When it was given another job because the first did not reach anybody; that happens once.';
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table hbnb_jobs.deliveries drop sent_again_at;
    drop table hbnb_jobs.sms_sends, hbnb_jobs.sms_days;
  `)
}
