import type { Knex } from 'knex'

/**
 * A guest is asked for a review once, by the event or by the look at those who left, whichever comes first; that outlives the
 * jobs. An app's own tables may stand in for ours as views: their indexes are the app's affair.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table hbnb_jobs.review_requests (
      booking_id text primary key check (length(booking_id) between 1 and 64),
      asked_at timestamptz not null default now()
    );
    insert into hbnb_jobs.review_requests (booking_id, asked_at)
      select substr(entity, length('booking:') + 1), reacted_at from hbnb_jobs.reactions
      where entity like 'booking:%' and step = 'completed' and superseded is null;

    do $$ begin
      if (select relkind from pg_class where oid = 'platform.bookings'::regclass) = 'r' then
        create index bookings_by_check_out on platform.bookings (check_out, id) where status in ('confirmed', 'completed');
      end if;
    end $$;
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop index if exists platform.bookings_by_check_out;
    drop table hbnb_jobs.review_requests;
  `)
}
