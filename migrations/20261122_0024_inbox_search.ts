import type { Knex } from 'knex'

/**
 * What the inbox is searched by, and how often an event was replayed. The door pays for one small tree, of what waits or
 * failed; that of what is ignored is rarely written, and a rare source or type is found by the blocks of rows that may hold it.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table hbnb_jobs.webhook_inbox
      add replays int not null default 0,
      -- Of the jobs before job_id, the newest first.
      add earlier_job_ids uuid[] not null default '{}';

    create index webhook_inbox_unhandled on hbnb_jobs.webhook_inbox (id) where handled is null;
    create index webhook_inbox_ignored on hbnb_jobs.webhook_inbox (id) where handled = 'ignored';
    create index webhook_inbox_by_kind on hbnb_jobs.webhook_inbox
      using brin (source text_bloom_ops, type text_bloom_ops) with (pages_per_range = 32, autosummarize = on);
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop index hbnb_jobs.webhook_inbox_unhandled, hbnb_jobs.webhook_inbox_ignored, hbnb_jobs.webhook_inbox_by_kind;
    alter table hbnb_jobs.webhook_inbox drop replays, drop earlier_job_ids;
  `)
}
