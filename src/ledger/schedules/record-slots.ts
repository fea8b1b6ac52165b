import type { SlotDecision } from '../../domain/schedules/decide-slots.ts'
import type { RunStatement } from '../../db/statement.ts'
import { acceptJobs } from '../accept.ts'
import type { NewJob } from '../new-job.ts'

/** What became of one slot. `refused`: its contract did not take the payload. */
export interface RecordedSlot {
  readonly slot: Date
  readonly decision: SlotDecision | 'refused' | 'by-hand'
  readonly job: NewJob | undefined
  /** Set when this stands for all slots from `slot` to before this instant. */
  readonly until?: Date
  readonly decidedBy?: string
}

const recordStatement = {
  name: 'schedule-record',
  text: `
    insert into hbnb_jobs.schedule_runs (schedule_key, slot, decision, job_id, slots_until, decided_by)
    select $1, slot, decision, job_id, slots_until, decided_by
    from unnest($2::timestamptz[], $3::text[], $4::uuid[], $5::timestamptz[], $6::text[])
      as d(slot, decision, job_id, slots_until, decided_by)
    on conflict (schedule_key, slot) do nothing
    returning slot`,
}

/**
 * Writes slots and their jobs in the surrounding transaction. A slot that is there already keeps what it was and gets no
 * second job. Answers those that are new.
 */
export async function recordSlots(
  run: RunStatement,
  key: string,
  slots: readonly RecordedSlot[],
): Promise<RecordedSlot[]> {
  if (slots.length === 0) return []
  const rows = await run<{ slot: Date }>(recordStatement, [
    key,
    slots.map(({ slot }) => slot),
    slots.map(({ decision }) => decision),
    slots.map(({ job }) => job?.id ?? null),
    slots.map(({ until }) => until ?? null),
    slots.map(({ decidedBy }) => decidedBy ?? null),
  ])
  const added = new Set(rows.map(({ slot }) => slot.getTime()))
  const recorded = slots.filter(({ slot }) => added.has(slot.getTime()))
  await acceptJobs(
    run,
    recorded.flatMap(({ job }) => job ?? []),
  )
  return recorded
}
