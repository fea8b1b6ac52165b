import type { JobContract } from '../../../queues/define-job.ts'
import type { ScheduleDefinition } from '../../domain/schedules/definition.ts'
import type { RunStatement } from '../../db/statement.ts'
import { decideDue } from './decide-due.ts'
import { holdSchedule, type ScheduleRow } from './schedule-row.ts'

/** Begins anew: nothing before now is due, however long the schedule was away. */
const writeStatement = {
  name: 'schedule-write',
  text: `
    insert into hbnb_jobs.schedules as s
      (key, job_name, source, cron, zone, missed, missed_cap, overlap, payload, tenant,
       active_from, decided_until, look_at, changed_at)
    select $1, $2, $3, $4, $5, $6, $7::int, $8, $9::jsonb, $10, n.now, n.now, n.now, n.now
    from (select coalesce($11::timestamptz, now()) as now) n
    on conflict (key) do update
    set job_name = excluded.job_name, source = excluded.source, cron = excluded.cron, zone = excluded.zone,
        missed = excluded.missed, missed_cap = excluded.missed_cap, overlap = excluded.overlap,
        payload = excluded.payload, tenant = excluded.tenant, look_at = excluded.look_at,
        changed_at = excluded.changed_at, removed_at = null,
        active_from = case when $12::boolean then excluded.active_from else s.active_from end,
        decided_until = case when $12::boolean then greatest(s.decided_until, excluded.decided_until) else s.decided_until end,
        overlap_skips = case when $12::boolean then 0 else s.overlap_skips end,
        paused_at = case when s.removed_at is null then s.paused_at end,
        paused_by = case when s.removed_at is null then s.paused_by end`,
}

const unusedCap = 10

/**
 * Makes or changes a schedule inside the caller's transaction. What was due under the old cron is decided first, under the
 * old cron; a changed cron or zone then counts from now. A pause outlives a change, but not a removal.
 */
export async function writeSchedule(
  run: RunStatement,
  contract: JobContract,
  wanted: {
    readonly key: string
    readonly source: ScheduleRow['source']
    readonly definition: ScheduleDefinition
    readonly tenant: string
    readonly now: Date | undefined
  },
): Promise<void> {
  const { key, source, definition, tenant, now } = wanted
  const { cron, zone, missed, overlap, payload } = definition
  const held = await holdSchedule(run, key, now)
  const isActive = held !== undefined && held.removedAt === null
  const isSameClock = isActive && held.cron === cron && held.zone === zone
  if (isActive && !isSameClock && held.jobName === contract.name && held.source === source) {
    await decideDue(run, held, contract)
  }
  await run(writeStatement, [
    key,
    contract.name,
    source,
    cron,
    zone,
    typeof missed === 'string' ? missed : 'all',
    typeof missed === 'string' ? unusedCap : missed.all,
    overlap,
    source === 'api' ? JSON.stringify(payload) : null,
    tenant,
    now ?? null,
    !isSameClock,
  ])
}
