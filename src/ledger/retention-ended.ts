import type { Knex } from 'knex'
import { timeOfJobId } from './job-id.ts'
import { dayMs } from './partitions.ts'
import { underMaintenanceLock } from './partitions-lock.ts'

const jobsPerBatch = 5_000
/** Ended jobs are looked for in slices of the time at which they ended: wider ones while there is little in them. */
const firstSliceMs = 3_600_000
const widerBy = 4
const quickBatchMs = 200

/** Job types that are kept equally long. */
export interface RetentionClass {
  readonly days: number
  /** The class with the longest retention also has every type nobody declared. */
  readonly isLongest: boolean
  readonly names: readonly string[]
}

/** How long jobs of each declared type are kept after they ended, shortest first. */
export async function listRetentions(knex: Knex): Promise<RetentionClass[]> {
  const rows = await knex('hbnb_jobs.job_types').orderBy('name').select<{ name: string; retention_days: number }[]>()
  const byDays = Map.groupBy(rows, row => row.retention_days)
  const longest = Math.max(...byDays.keys())
  return [...byDays]
    .map(([days, types]) => ({ days, isLongest: days === longest, names: types.map(({ name }) => name) }))
    .toSorted((a, b) => a.days - b.days)
}

interface Progress {
  readonly names: readonly string[]
  readonly everywhere: boolean
  readonly purged_until: Date
}

/**
 * Deletes jobs of a class that ended longer ago than its retention, with outcomes, attempts and logs, in batches and in id
 * order, until none is left or the deadline (of `performance.now()`) has passed. Weeks go as a whole for the longest
 * class, so of that only the default partitions are looked at. Answers how many went.
 */
export async function purgeClass(
  knex: Knex,
  retention: RetentionClass,
  { nowMs, shorterNames, deadline }: { nowMs: number; shorterNames: readonly string[]; deadline: number },
): Promise<number> {
  const cutoffMs = nowMs - retention.days * dayMs
  let purged = 0
  for (let sliceMs = firstSliceMs; performance.now() < deadline; ) {
    const startedMs = performance.now()
    const batch = await underMaintenanceLock(knex, tx => purgeBatch(tx, retention, { cutoffMs, sliceMs, shorterNames }))
    purged += batch?.purged ?? 0
    if (!batch?.isMore) break
    sliceMs = performance.now() - startedMs < quickBatchMs ? sliceMs * widerBy : firstSliceMs
  }
  return purged
}

async function purgeBatch(
  tx: Knex.Transaction,
  retention: RetentionClass,
  { cutoffMs, sliceMs, shorterNames }: { cutoffMs: number; sliceMs: number; shorterNames: readonly string[] },
): Promise<{ readonly purged: number; readonly isMore: boolean }> {
  const everywhere = !retention.isLongest
  const fromMs = await purgedUntil(tx, retention, everywhere)
  if (fromMs >= cutoffMs) return { purged: 0, isMore: false }
  const untilMs = Math.min(fromMs + sliceMs, cutoffMs)
  const purged = await deleteEnded(tx, {
    outcomes: everywhere ? 'job_outcomes' : 'job_outcomes_default',
    after: new Date(fromMs),
    until: new Date(untilMs),
    ...(everywhere ? { only: retention.names } : { except: shorterNames }),
  })
  const isSliceDone = purged < jobsPerBatch
  const { days: retention_days, names } = retention
  const purged_until = new Date(isSliceDone ? untilMs : fromMs)
  await tx('hbnb_jobs.retention_progress')
    .insert({ retention_days, names, everywhere, purged_until })
    .onConflict('retention_days')
    .merge()
  return { purged, isMore: !isSliceDone || untilMs < cutoffMs }
}

/** Where the class goes on: from the beginning when types or weeks have joined it since. */
async function purgedUntil(
  tx: Knex.Transaction,
  { days, names }: RetentionClass,
  everywhere: boolean,
): Promise<number> {
  const progress = await tx('hbnb_jobs.retention_progress')
    .where({ retention_days: days })
    .first<Progress | undefined>()
  const isSame = progress && names.every(name => progress.names.includes(name)) && (progress.everywhere || !everywhere)
  const oldest = await tx('hbnb_jobs.job_outcomes').orderBy('id').first<{ id: string } | undefined>('id')
  // A job ends after the time in its id; with nothing stored there is nothing to look for.
  const oldestMs = oldest ? timeOfJobId(oldest.id) - 1 : Number.POSITIVE_INFINITY
  return Math.max(isSame ? progress.purged_until.getTime() : 0, oldestMs)
}

interface Slice {
  readonly outcomes: 'job_outcomes' | 'job_outcomes_default'
  readonly after: Date
  readonly until: Date
  readonly only?: readonly string[]
  readonly except?: readonly string[]
}

async function deleteEnded(tx: Knex.Transaction, { outcomes, after, until, only, except }: Slice): Promise<number> {
  const { rows } = await tx.raw<{ rows: { purged: number }[] }>(
    `with old as materialized (
       select o.id from hbnb_jobs.${outcomes} o join hbnb_jobs.jobs j using (id)
       where o.finished_at > ? and o.finished_at <= ? and ${only ? 'j.name = any(?)' : 'j.name <> all(?)'}
         and not exists (select from hbnb_jobs.job_live l where l.id = o.id)
       order by o.id limit ${jobsPerBatch}
     ), attempts as (
       delete from hbnb_jobs.job_attempts a using old where a.job_id = old.id
     ), logs as (
       delete from hbnb_jobs.job_logs g using old where g.job_id = old.id
     ), facts as (
       delete from hbnb_jobs.jobs j using old where j.id = old.id
     ), outcomes as (
       delete from hbnb_jobs.job_outcomes o using old where o.id = old.id returning o.id
     )
     select count(*)::int as purged from outcomes`,
    [after, until, [...(only ?? except ?? [])]],
  )
  return rows[0]?.purged ?? 0
}
