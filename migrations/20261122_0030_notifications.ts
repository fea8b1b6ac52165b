import type { Knex } from 'knex'

/**
 * A notification may be asked for by somebody else than an event: in their own words, to an address that is no user's, on
 * channels of their choice. Who must not be written to is kept by a hash of the address, so that it outlives the person.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table hbnb_jobs.notifications
      alter user_id drop not null,
      alter template drop not null,
      alter template_version drop not null,
      add tenant text not null default 'default',
      add to_email text,
      add to_phone text,
      add country text,
      add zone text,
      add title text,
      add body text,
      add category text not null default 'booking',
      add urgency text not null default 'normal' check (urgency in ('low', 'normal', 'high')),
      add channels text[],
      add dedupe_key text check (length(dedupe_key) between 1 and 200),
      add expires_at timestamptz,
      add read_at timestamptz,
      add cancelled_at timestamptz,
      add cancelled_reason text,
      add check (user_id is not null or to_email is not null or to_phone is not null),
      add check ((template is null) = (template_version is null)),
      add check ((template is null) = (title is not null));
    create unique index notifications_by_dedupe
      on hbnb_jobs.notifications (tenant, coalesce(user_id, to_email, to_phone), dedupe_key) where dedupe_key is not null;
    create index notifications_unread on hbnb_jobs.notifications (user_id, created_at) where read_at is null;

    alter table hbnb_jobs.deliveries
      drop constraint deliveries_decision_check,
      add constraint deliveries_decision_check check (decision in ('send', 'defer', 'suppress')),
      add until timestamptz,
      add check ((decision = 'defer') = (until is not null));

    create table hbnb_jobs.suppressions (
      channel text not null check (channel in ('email', 'sms', 'push')),
      -- sha256 in hex of the address: in lower case, or in E.164.
      address_sha256 text not null,
      -- Empty: whatever it is about.
      category text not null default '',
      reason text not null check (reason in ('bounced', 'spam-report', 'unsubscribed', 'opted-out', 'invalid', 'not-mobile', 'by-hand')),
      source text not null,
      suppressed_at timestamptz not null default now(),
      primary key (channel, address_sha256, category)
    );
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop table hbnb_jobs.suppressions;
    delete from hbnb_jobs.deliveries where notification_id in
      (select id from hbnb_jobs.notifications where user_id is null or template is null);
    delete from hbnb_jobs.notifications where user_id is null or template is null;
    update hbnb_jobs.deliveries set decision = 'send', until = null where decision = 'defer';
    alter table hbnb_jobs.deliveries
      drop constraint deliveries_decision_check,
      drop until,
      add constraint deliveries_decision_check check (decision in ('send', 'suppress'));
    drop index hbnb_jobs.notifications_by_dedupe, hbnb_jobs.notifications_unread;
    alter table hbnb_jobs.notifications
      alter user_id set not null,
      drop tenant, drop to_email, drop to_phone, drop country, drop zone, drop title, drop body, drop category, drop urgency,
      drop channels, drop dedupe_key, drop expires_at, drop read_at, drop cancelled_at, drop cancelled_reason,
      alter template set not null,
      alter template_version set not null;
  `)
}
