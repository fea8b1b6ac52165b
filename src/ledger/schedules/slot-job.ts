import { fillSlot } from '../../domain/schedules/slot-payload.ts'
import type { JobContract } from '../../../queues/define-job.ts'
import { type NewJob, newJob } from '../new-job.ts'
import type { ScheduleRow } from './schedule-row.ts'

/** What makes a slot's job: a function of the slot alone, so that a late decision makes the same payload. */
type Recipe = Pick<ScheduleRow, 'key' | 'source' | 'payload' | 'zone' | 'tenant'>

/** The payload a schedule gives to a slot, not yet checked. */
export function slotPayload(schedule: Recipe, contract: JobContract, slot: Date): Record<string, unknown> {
  if (schedule.source === 'api') return fillSlot(schedule.payload ?? {}, slot, schedule.zone)
  if (contract.schedule === 'none') throw new Error(`${contract.name} has no schedule`)
  return contract.schedule.payload(slot)
}

/** The job of one slot. Throws what the contract's payload function throws, and InvalidPayload when it does not fit. */
export function slotJob(schedule: Recipe, contract: JobContract, slot: Date): NewJob {
  return newJob(contract, slotPayload(schedule, contract, slot), {
    tenant: schedule.tenant,
    // The entity whose story has all runs of this schedule.
    entity: `schedule:${schedule.key}`,
    // The slot's own time: jobs that catch up keep their order, and the time waited is counted from when they were due.
    runAt: slot,
  })
}
