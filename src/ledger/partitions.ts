import type { Knex } from 'knex'
import { timeOfJobId } from './job-id.ts'
import { underMaintenanceLock } from './partitions-lock.ts'

/** The partitioned tables and the column each is partitioned by. One week has one partition in each. */
export const partitionedTables = [
  { table: 'jobs', key: 'id' },
  { table: 'job_outcomes', key: 'id' },
  { table: 'job_attempts', key: 'job_id' },
  { table: 'job_logs', key: 'job_id' },
] as const

export const dayMs = 86_400_000
/**
 * Weeks, not months: no ended job is kept more than a week too long, and the 19 partitions of 90 days cost accepts, claims
 * and outcomes nothing that could be measured (docs/retention.md).
 */
const weekMs = 7 * dayMs
/** A Monday, 00:00 UTC. */
const someMondayMs = Date.UTC(2024, 0, 1)
/** A relay may be away this long before new jobs fall into the default partition, which is slower and loses nothing. */
const weeksAhead = 4
/** Rows moved out of a default partition while it is locked: about 0.1 s. */
const maxRowsMoved = 10_000
/** A week that has more than that in the default partition gets its own from this much later on. */
const laterByMs = 600_000

/** One week's partitions: the tables `<table>_p<first day>`, holding ids whose time is in [from, to). */
export interface Week {
  readonly suffix: string
  readonly fromMs: number
  readonly toMs: number
}

/** The smallest UUIDv7 of an instant: what partitions are bounded by. Ids begin in 1970. */
export function firstJobIdAt(ms: number): string {
  const hex = Math.max(0, ms).toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`
}

/** All weeks that have partitions, oldest first. */
export async function listWeeks(knex: Knex): Promise<Week[]> {
  const { rows } = await knex.raw<{ rows: { name: string; bound: string }[] }>(
    `select c.relname as name, pg_get_expr(c.relpartbound, c.oid) as bound
     from pg_inherits i join pg_class c on c.oid = i.inhrelid
     where i.inhparent = 'hbnb_jobs.jobs'::regclass order by c.relname`,
  )
  return rows
    .flatMap(({ name, bound }) => {
      const ids = /^FOR VALUES FROM \('(?<from>[0-9a-f-]+)'\) TO \('(?<to>[0-9a-f-]+)'\)$/.exec(bound)?.groups
      if (ids?.['from'] === undefined || ids['to'] === undefined) return []
      return { suffix: name.replace(/^jobs_/, ''), fromMs: timeOfJobId(ids['from']), toMs: timeOfJobId(ids['to']) }
    })
    .toSorted((a, b) => a.fromMs - b.fromMs)
}

/** The weeks that are missing until `weeksAhead`, beginning where the last one ends but never before this week. */
export function missingWeeks(existing: readonly Week[], nowMs: number): Week[] {
  const thisMonday = someMondayMs + Math.floor((nowMs - someMondayMs) / weekMs) * weekMs
  const lastEnd = Math.max(thisMonday, ...existing.map(({ toMs }) => toMs))
  const missing: Week[] = []
  for (let fromMs = lastEnd; fromMs < thisMonday + (1 + weeksAhead) * weekMs; ) {
    const toMs = thisMonday + (Math.floor((fromMs - thisMonday) / weekMs) + 1) * weekMs
    missing.push(weekOf(fromMs, toMs))
    fromMs = toMs
  }
  return missing
}

function weekOf(fromMs: number, toMs: number): Week {
  const day = new Date(fromMs).toISOString().slice(0, 10).replaceAll('-', '')
  return { suffix: `p${day}`, fromMs, toMs }
}

/**
 * Makes the partitions of this week and the next four. Rows that the default partitions hold of such a week are moved
 * in the same transaction. Answers how many weeks were made: fewer than are missing while another maintainer is at work or
 * a long transaction is in the way, and the next pass tries again.
 */
export async function makePartitions(knex: Knex, nowMs: number): Promise<number> {
  let made = 0
  for (const week of missingWeeks(await listWeeks(knex), nowMs)) {
    const done = await underMaintenanceLock(knex, async tx => {
      const known = await listWeeks(tx)
      if (known.some(({ toMs }) => toMs >= week.toMs)) return 0
      const free = await withRoom(tx, week, nowMs)
      if (!free) return 0
      for (const { table, key } of partitionedTables) await attach(tx, table, key, free)
      return 1
    })
    if (done === null) return made
    made += done
  }
  return made
}

/** The week, or what of it begins late enough to leave a crowd in the default partitions where it is. */
async function withRoom(tx: Knex.Transaction, week: Week, nowMs: number): Promise<Week | undefined> {
  const bounds = [firstJobIdAt(week.fromMs), firstJobIdAt(week.toMs)]
  let newestMs = 0
  let rows = 0
  for (const { table, key } of partitionedTables) {
    const { rows: found } = await tx.raw<{ rows: { rows: number; newest: string | null }[] }>(
      `select count(*)::int as rows, max(${key}::text) as newest from (
         select ${key} from hbnb_jobs.${table}_default where ${key} >= ? and ${key} < ? order by ${key} desc limit ${maxRowsMoved + 1}
       ) as inside`,
      bounds,
    )
    rows += found[0]?.rows ?? 0
    newestMs = Math.max(newestMs, found[0]?.newest ? timeOfJobId(found[0].newest) : 0)
  }
  if (rows <= maxRowsMoved) return week
  const fromMs = Math.max(newestMs, nowMs) + laterByMs
  return fromMs < week.toMs ? weekOf(fromMs, week.toMs) : undefined
}

/** Attaching locks the default partition alone, and the parent's readers and writers go on; `partition of` would not. */
async function attach(tx: Knex.Transaction, table: string, key: string, week: Week): Promise<void> {
  const [from, to] = [firstJobIdAt(week.fromMs), firstJobIdAt(week.toMs)]
  const name = `hbnb_jobs.${table}_${week.suffix}`
  await tx.raw(`lock table hbnb_jobs.${table}_default in access exclusive mode`)
  await tx.raw(`create table ${name} (like hbnb_jobs.${table} including all)`)
  await tx.raw(
    `with moved as (delete from hbnb_jobs.${table}_default where ${key} >= ? and ${key} < ? returning *)
     insert into ${name} select * from moved`,
    [from, to],
  )
  await tx.raw(`alter table hbnb_jobs.${table} attach partition ${name} for values from ('${from}') to ('${to}')`)
}
