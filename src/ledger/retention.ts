import type { Knex } from 'knex'
import { makePartitions } from './partitions.ts'
import { type Retired, retireWeeks } from './partitions-retire.ts'
import { listRetentions, purgeClass, type RetentionClass } from './retention-ended.ts'
import { type PurgedTraces, purgeTraces } from './retention-traces.ts'

/** One pass deletes this long at most; the next goes on. */
const passBudgetMs = 20_000

/** What one pass of maintenance did. */
export interface Maintained extends Retired, PurgedTraces {
  readonly madeWeeks: number
  /** Ended jobs deleted one by one; those of dropped weeks are not counted. */
  readonly purgedJobs: number
  /** The pass ended before its work did. */
  readonly isMore: boolean
}

/**
 * Keeps the ledger's size in bounds: partitions ahead, ended jobs gone after their retention, old weeks dropped whole.
 * An open job is never touched. Safe to interrupt at any moment and to run twice at once. `now` is for tests.
 */
export async function maintainLedger(knex: Knex, now?: Date): Promise<Maintained> {
  const nowMs = (now ?? (await databaseNow(knex))).getTime()
  const deadline = performance.now() + passBudgetMs
  const madeWeeks = await makePartitions(knex, nowMs)
  const retentions = await listRetentions(knex)
  const longestDays = retentions.at(-1)?.days ?? defaultRetentionDays
  const purgedJobs = await purgeEnded(knex, nowMs, retentions, deadline)
  const weeks = await retireWeeks(knex, nowMs, longestDays)
  const traces = await purgeOldTraces(knex, nowMs, longestDays, deadline)
  return { madeWeeks, purgedJobs, ...weeks, ...traces, isMore: performance.now() > deadline }
}

/** What `job_types` has for a type that says nothing. */
const defaultRetentionDays = 90

async function databaseNow(knex: Knex): Promise<Date> {
  const { rows } = await knex.raw<{ rows: { now: Date }[] }>('select now()')
  const [row] = rows
  if (!row) throw new Error('the clock of the database answered no row')
  return row.now
}

async function purgeEnded(
  knex: Knex,
  nowMs: number,
  retentions: readonly RetentionClass[],
  deadline: number,
): Promise<number> {
  let purged = 0
  const shorterNames = retentions.slice(0, -1).flatMap(({ names }) => names)
  for (const retention of retentions) purged += await purgeClass(knex, retention, { nowMs, shorterNames, deadline })
  return purged
}

async function purgeOldTraces(knex: Knex, nowMs: number, longestDays: number, deadline: number): Promise<PurgedTraces> {
  const sum = { effects: 0, idempotencyKeys: 0, processes: 0, scheduleRuns: 0, batches: 0, replays: 0 }
  for (let isMore = true; isMore && performance.now() < deadline; ) {
    const batch = await purgeTraces(knex, nowMs, longestDays)
    isMore = batch?.isMore ?? false
    if (!batch) continue
    sum.effects += batch.purged.effects
    sum.idempotencyKeys += batch.purged.idempotencyKeys
    sum.processes += batch.purged.processes
    sum.scheduleRuns += batch.purged.scheduleRuns
    sum.batches += batch.purged.batches
    sum.replays += batch.purged.replays
  }
  return sum
}
