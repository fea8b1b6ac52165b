import { type DecidedSlot, decideSlots } from '../../domain/schedules/decide-slots.ts'
import { newestSlots, slotsAfter } from '../../domain/schedules/slots.ts'
import type { RunStatement } from '../../db/statement.ts'
import type { JobContract } from '../../../queues/define-job.ts'
import { readCron } from './read-cron.ts'
import { type RecordedSlot, recordSlots } from './record-slots.ts'
import { type HeldSchedule, missedPolicy } from './schedule-row.ts'
import { slotJob } from './slot-job.ts'

/** Slots decided and recorded one by one; after a longer absence the older ones share one row. */
const maxSlotsListed = 1_000
/** Each schedule is looked at this often even without a slot, so that new rules of a zone are noticed in time. */
const lookAtLeastEveryMs = 3_600_000
/** Of a schedule's jobs only the newest are asked whether they are open. */
const newestJobsAsked = 20

/** What one look at a schedule decided. */
export interface DecidedSchedule {
  readonly key: string
  readonly slots: readonly RecordedSlot[]
  readonly overlapSkips: { readonly before: number; readonly after: number }
  /** Why payloads were refused: the newest reason. */
  readonly refusal: unknown
}

const openStatement = {
  name: 'schedule-open',
  text: `
    select exists (
      select from (
        select job_id from hbnb_jobs.schedule_runs
        where schedule_key = $1 and job_id is not null order by slot desc limit ${newestJobsAsked}) r
      join hbnb_jobs.job_live l on l.id = r.job_id) as open`,
}

const decidedStatement = {
  name: 'schedule-decided',
  text: `
    update hbnb_jobs.schedules set decided_until = greatest(decided_until, $2), look_at = $3, overlap_skips = $4
    where key = $1`,
}

/**
 * Decides every slot of a held schedule that is due: slots, jobs and how far we are commit together, so one slot is one
 * job whatever happens in between (docs: protocol, section 6).
 */
export async function decideDue(
  run: RunStatement,
  schedule: HeldSchedule,
  contract: JobContract,
): Promise<DecidedSchedule> {
  const { key, zone, overlap, pausedAt } = schedule
  const now = schedule.now.getTime()
  const cron = readCron(schedule.cron)
  const span = { after: schedule.decidedUntil.getTime(), until: now }
  const { slots, olderFrom } = newestSlots(cron, zone, span, maxSlotsListed)
  const next = slotsAfter(cron, zone, Math.max(now, span.after)).next().value ?? undefined
  const decided = decideSlots({
    slots,
    next,
    now,
    missed: missedPolicy(schedule),
    overlap,
    isPaused: pausedAt !== null,
    isEarlierOpen: slots.length > 0 && overlap === 'skip' && (await hasOpenJob(run, key)),
  })
  let refusal: unknown
  const recorded = await recordSlots(run, key, [
    ...olderSlots(olderFrom, slots[0], pausedAt !== null),
    ...decided.map(one => withJob(schedule, contract, one, reason => (refusal = reason))),
  ])
  const overlapSkips = recorded.reduce(countOverlapSkips, schedule.overlapSkips)
  const lookAt = new Date(Math.min(next ?? Number.POSITIVE_INFINITY, now + lookAtLeastEveryMs))
  await run(decidedStatement, [key, schedule.now, lookAt, overlapSkips])
  return { key, slots: recorded, overlapSkips: { before: schedule.overlapSkips, after: overlapSkips }, refusal }
}

async function hasOpenJob(run: RunStatement, key: string): Promise<boolean> {
  const [row] = await run<{ open: boolean }>(openStatement, [key])
  return row?.open === true
}

function olderSlots(from: number | undefined, until: number | undefined, isPaused: boolean): RecordedSlot[] {
  if (from === undefined || until === undefined) return []
  const decision = isPaused ? 'skipped-paused' : 'skipped-missed'
  return [{ slot: new Date(from), until: new Date(until), decision, job: undefined }]
}

/** A payload that is refused costs its slot, not the schedule: the next one may fit. */
function withJob(
  schedule: HeldSchedule,
  contract: JobContract,
  decided: DecidedSlot,
  onRefused: (reason: unknown) => void,
): RecordedSlot {
  const slot = new Date(decided.slot)
  if (decided.decision !== 'run') return { slot, decision: decided.decision, job: undefined }
  try {
    return { slot, decision: 'run', job: slotJob(schedule, contract, slot) }
  } catch (error) {
    onRefused(error)
    return { slot, decision: 'refused', job: undefined }
  }
}

function countOverlapSkips(skips: number, { decision }: RecordedSlot): number {
  if (decision === 'skipped-overlap') return skips + 1
  return decision === 'run' ? 0 : skips
}
