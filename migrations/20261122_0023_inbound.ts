import type { Knex } from 'knex'

/**
 * Stripe and Twilio tell us things too, and a delivery knows what its provider said of it. Equal bodies without an id are
 * told apart by their row in `idempotency_keys` from now on, which one statement can take and keep.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table hbnb_jobs.webhook_inbox
      drop constraint webhook_inbox_scheme_check,
      add constraint webhook_inbox_scheme_check check (scheme in ('standard', 'legacy', 'sendgrid', 'stripe', 'twilio'));
    drop index hbnb_jobs.webhook_inbox_by_body;

    alter table hbnb_jobs.deliveries
      add provider_status text,
      add provider_error_code int,
      add provider_status_at timestamptz;
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table hbnb_jobs.deliveries
      drop provider_status, drop provider_error_code, drop provider_status_at;
    create index webhook_inbox_by_body on hbnb_jobs.webhook_inbox (source, body_sha256, received_at);
    delete from hbnb_jobs.webhook_inbox where scheme in ('stripe', 'twilio');
    alter table hbnb_jobs.webhook_inbox
      drop constraint webhook_inbox_scheme_check,
      add constraint webhook_inbox_scheme_check check (scheme in ('standard', 'legacy', 'sendgrid'));
  `)
}
