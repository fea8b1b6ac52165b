import type { MissedPolicy, OverlapPolicy } from '../../domain/schedules/decide-slots.ts'
import type { RunStatement } from '../../db/statement.ts'

/** A schedule as the ledger has it. */
export interface ScheduleRow {
  readonly key: string
  readonly jobName: string
  /** Contracts change theirs at release; the others belong to callers of the API. */
  readonly source: 'contract' | 'api'
  readonly cron: string
  readonly zone: string
  readonly missed: 'skip' | 'once' | 'all'
  readonly missedCap: number
  readonly overlap: OverlapPolicy
  /** The template of an API-made schedule; null where the contract makes the payload. */
  readonly payload: Record<string, unknown> | null
  readonly tenant: string
  /** Every slot up to here has been decided. */
  readonly decidedUntil: Date
  readonly pausedAt: Date | null
  readonly pausedBy: string | null
  /** Slots in a row that met an unfinished run. */
  readonly overlapSkips: number
  readonly removedAt: Date | null
}

/** A schedule whose row this transaction holds, and the database's clock (or the test's). */
export type HeldSchedule = ScheduleRow & { readonly now: Date }

/** The columns of {@link ScheduleRow}, of `hbnb_jobs.schedules s`. */
export const scheduleColumns = `
  s.key, s.job_name as "jobName", s.source, s.cron, s.zone, s.missed, s.missed_cap as "missedCap", s.overlap, s.payload,
  s.tenant, s.decided_until as "decidedUntil", s.paused_at as "pausedAt", s.paused_by as "pausedBy",
  s.overlap_skips as "overlapSkips", s.removed_at as "removedAt"`

const holdStatement = {
  name: 'schedule-hold',
  text: `
    select ${scheduleColumns}, coalesce($2::timestamptz, now()) as now
    from hbnb_jobs.schedules s where s.key = $1 for update of s`,
}

/** Holds one schedule until the transaction ends; undefined when there is none, removed ones included. */
export async function holdSchedule(
  run: RunStatement,
  key: string,
  now: Date | undefined,
): Promise<HeldSchedule | undefined> {
  const [row] = await run<HeldSchedule>(holdStatement, [key, now ?? null])
  return row
}

/** Whose schedule it must be, for callers that may touch no other; anybody's without. */
export interface Owned {
  readonly tenant?: string | undefined
}

/** The two columns of a missed policy as one word. */
export function missedPolicy({ missed, missedCap }: Pick<ScheduleRow, 'missed' | 'missedCap'>): MissedPolicy {
  return missed === 'all' ? { all: missedCap } : missed
}
