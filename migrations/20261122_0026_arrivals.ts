import type { Knex } from 'knex'

/** Reminders look every quarter of an hour for the stays that begin soon, among all there ever were. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create index bookings_by_check_in on platform.bookings (check_in, id) where status = 'confirmed';
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop index platform.bookings_by_check_in')
}
