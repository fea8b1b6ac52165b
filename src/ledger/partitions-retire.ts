import type { Knex } from 'knex'
import { dayMs, firstJobIdAt, listWeeks, partitionedTables, type Week } from './partitions.ts'
import { underMaintenanceLock } from './partitions-lock.ts'

/** Jobs moved to the default partitions while accepts wait: 0.3 to 0.6 s. A week with more of them stays for now. */
const maxJobsMoved = 20_000
/** An older week that has little left goes too, however long some type is kept: each partition costs every look by something else than an id. */
const longestWeekDays = 182

/** What became of the weeks that are older than the longest retention. */
export interface Retired {
  readonly droppedWeeks: number
  /** Jobs that were still open, or had ended too recently, and now are in the default partitions. */
  readonly movedJobs: number
  /** Weeks left for later: too much is open in them, or a long transaction or another maintainer was in the way. */
  readonly postponedWeeks: number
}

/**
 * Drops the partitions of weeks that ended longer ago than every retention. Jobs in them that are still open or ended
 * within it are moved to the default partitions in the same transaction, with their outcomes and attempts. What is in the
 * way of a week is counted as postponed.
 */
export async function retireWeeks(knex: Knex, nowMs: number, longestRetentionDays: number): Promise<Retired> {
  const cutoffMs = nowMs - longestRetentionDays * dayMs
  const oldMs = Math.max(cutoffMs, nowMs - longestWeekDays * dayMs)
  const done = { droppedWeeks: 0, movedJobs: 0, postponedWeeks: 0 }
  for (const week of (await listWeeks(knex)).filter(({ toMs }) => toMs <= oldMs)) {
    const moved = await retire(knex, week, cutoffMs)
    if (moved === null) {
      done.postponedWeeks += 1
    } else {
      done.droppedWeeks += 1
      done.movedJobs += moved
    }
  }
  return done
}

/** Answers how many jobs were moved; null when the week must wait. */
async function retire(knex: Knex, week: Week, cutoffMs: number): Promise<number | null> {
  const { text, bindings } = keptJobs(week, cutoffMs)
  const counted = await knex.raw<{ rows: { jobs: number }[] }>(
    `select count(*)::int as jobs from (${text}) as kept`,
    bindings,
  )
  if ((counted.rows[0]?.jobs ?? 0) > maxJobsMoved) return null
  return await underMaintenanceLock(knex, async tx => {
    if (!(await listWeeks(tx)).some(({ suffix }) => suffix === week.suffix)) return 0
    // Whoever accepts, ends or replays a job holds one of these, so what is read below cannot change any more.
    const tables = partitionedTables.map(({ table }) => `only hbnb_jobs.${table}`).join(', ')
    await tx.raw(`lock table ${tables} in access exclusive mode`)
    const found = await tx.raw<{ rows: { id: string }[] }>(text, bindings)
    const kept = found.rows.map(({ id }) => id)
    if (kept.length > maxJobsMoved) return null
    for (const { table, key } of partitionedTables) {
      const name = `hbnb_jobs.${table}_${week.suffix}`
      if (!(await exists(tx, name))) {
        await tx.raw(
          `delete from hbnb_jobs.${table}_default where ${key} >= ? and ${key} < ? and ${key} <> all(?::uuid[])`,
          [firstJobIdAt(week.fromMs), firstJobIdAt(week.toMs), kept],
        )
        continue
      }
      await tx.raw(`alter table hbnb_jobs.${table} detach partition ${name}`)
      if (kept.length > 0) {
        await tx.raw(`insert into hbnb_jobs.${table} select * from ${name} where ${key} = any(?::uuid[])`, [kept])
      }
      await tx.raw(`drop table ${name}`)
    }
    return kept.length
  })
}

/** A week made by a release before the table was partitioned has its rows in the default partition. */
async function exists(tx: Knex.Transaction, name: string): Promise<boolean> {
  const { rows } = await tx.raw<{ rows: { found: boolean }[] }>('select to_regclass(?) is not null as found', [name])
  return rows[0]?.found === true
}

/** Ids of a week's jobs that are open, or ended after the cutoff; at most one more than may be moved. */
function keptJobs(week: Week, cutoffMs: number) {
  return {
    text: `
      select id from hbnb_jobs.job_live where id >= ? and id < ?
      union select id from hbnb_jobs.job_outcomes_${week.suffix} where finished_at > ?
      limit ${maxJobsMoved + 1}`,
    bindings: [firstJobIdAt(week.fromMs), firstJobIdAt(week.toMs), new Date(cutoffMs)],
  }
}
