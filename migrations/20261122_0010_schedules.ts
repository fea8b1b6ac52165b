import type { Knex } from 'knex'

/** What schedules need beyond their first shape: when to look next, misses too many to list, refused payloads, who asked. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table hbnb_jobs.schedules
      add column look_at timestamptz not null default now(),
      add column overlap_skips integer not null default 0;
    comment on column hbnb_jobs.schedules.look_at is
      'When the relay next looks: the next slot, or sooner. Only decided_until says what has been decided.';
    create index schedules_due on hbnb_jobs.schedules (look_at) where removed_at is null;

    alter table hbnb_jobs.schedule_runs
      add column slots_until timestamptz,
      add column decided_by text,
      drop constraint schedule_runs_decision_check,
      add constraint schedule_runs_decision_check check (decision in
        ('run', 'skipped-missed', 'skipped-overlap', 'skipped-paused', 'refused', 'by-hand'));
    comment on column hbnb_jobs.schedule_runs.slots_until is
      'Not null: this row stands for every slot from its own to before this one, too many to list.';
    create index schedule_runs_with_job on hbnb_jobs.schedule_runs (schedule_key, slot) where job_id is not null;
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop index hbnb_jobs.schedule_runs_with_job, hbnb_jobs.schedules_due;
    delete from hbnb_jobs.schedule_runs where decision = 'refused';
    alter table hbnb_jobs.schedule_runs
      drop column slots_until,
      drop column decided_by,
      drop constraint schedule_runs_decision_check,
      add constraint schedule_runs_decision_check check (decision in
        ('run', 'skipped-missed', 'skipped-overlap', 'skipped-paused', 'by-hand'));
    alter table hbnb_jobs.schedules drop column look_at, drop column overlap_skips;
  `)
}
