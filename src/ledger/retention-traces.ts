import type { Knex } from 'knex'
import { dayMs, firstJobIdAt } from './partitions.ts'
import { underMaintenanceLock } from './partitions-lock.ts'

/** What outlives its job is kept this much longer than any job: no replay can ask for it any more. */
const traceMarginDays = 30
const rowsPerBatch = 5_000

/** Rows deleted besides jobs. */
export interface PurgedTraces {
  readonly effects: number
  readonly idempotencyKeys: number
  readonly processes: number
  readonly scheduleRuns: number
  readonly batches: number
  readonly replays: number
}

/** Settled effects that are old themselves and whose job is gone. One that is still unknown stays for whoever must look into it. */
const oldEffects = `
  delete from hbnb_jobs.effects where id = any(array(
    select e.id from hbnb_jobs.effects e
    where e.job_id < :oldestJobId and not (e.state in ('sending', 'unknown') and e.settled_at is null)
      and greatest(e.reserved_at, e.sent_at, e.settled_at) < :before
      and not exists (select from hbnb_jobs.jobs j where j.id = e.job_id)
    order by e.job_id limit ${rowsPerBatch} for update of e skip locked))`

const expiredKeys = `
  delete from hbnb_jobs.idempotency_keys where (caller, key) in (
    select k.caller, k.key from hbnb_jobs.idempotency_keys k
    where k.expires_at < :now order by k.expires_at limit ${rowsPerBatch} for update of k skip locked)`

const endedProcesses = `
  delete from hbnb_jobs.processes where id = any(array(
    select p.id from hbnb_jobs.processes p
    where p.swept_at < :before and p.ended_at < :before order by p.id limit ${rowsPerBatch} for update of p skip locked))`

/** Never the newest run of a schedule: it says when it last ran. */
const oldRuns = `
  delete from hbnb_jobs.schedule_runs r using (
    select o.schedule_key, o.slot from hbnb_jobs.schedule_runs o
    where o.decided_at < :before and exists (
      select from hbnb_jobs.schedule_runs newer where newer.schedule_key = o.schedule_key and newer.slot > o.slot)
    order by o.schedule_key, o.slot limit ${rowsPerBatch} for update of o skip locked
  ) old where r.schedule_key = old.schedule_key and r.slot = old.slot`

/** Batches that are done; and those nobody closed, once all their jobs are gone. */
const oldBatches = `
  delete from hbnb_jobs.batches where id = any(array(
    select b.id from hbnb_jobs.batches b
    where b.id < :oldestJobId and coalesce(b.done_at, b.created_at) < :before
      and (b.done_at is not null or not exists (select from hbnb_jobs.jobs j where j.batch_id = b.id))
    order by b.id limit ${rowsPerBatch} for update of b skip locked))`

/** Also one that was never brought to its end: nothing that died before it is left to retry. */
const oldReplays = `
  delete from hbnb_jobs.replays where id = any(array(
    select r.id from hbnb_jobs.replays r where r.changed_at < :before order by r.id limit ${rowsPerBatch} for update of r skip locked))`

/**
 * Deletes one batch of each kind of row that its jobs do not need any more. Answers what went and whether there may be
 * more; `null` when another maintainer is at work.
 */
export async function purgeTraces(
  knex: Knex,
  nowMs: number,
  longestRetentionDays: number,
): Promise<{ readonly purged: PurgedTraces; readonly isMore: boolean } | null> {
  const beforeMs = nowMs - (longestRetentionDays + traceMarginDays) * dayMs
  const bounds = { now: new Date(nowMs), before: new Date(beforeMs), oldestJobId: firstJobIdAt(beforeMs) }
  return await underMaintenanceLock(knex, async tx => {
    const gone = async (sql: string) => (await tx.raw<{ rowCount: number }>(sql, bounds)).rowCount
    const purged = {
      effects: await gone(oldEffects),
      idempotencyKeys: await gone(expiredKeys),
      processes: await gone(endedProcesses),
      scheduleRuns: await gone(oldRuns),
      batches: await gone(oldBatches),
      replays: await gone(oldReplays),
    }
    return { purged, isMore: Object.values(purged).some(rows => rows === rowsPerBatch) }
  })
}
