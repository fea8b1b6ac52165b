import type { AppJobScheduler } from '@bull-board/api/typings/app'
import type { RunStatement } from '../../db/statement.ts'
import { batcher } from '../../ledger/batcher.ts'
import { listSchedules, type ShownSchedule } from '../../ledger/schedules/show-schedules.ts'

/** The schedules of one queue. */
export type ListQueueSchedules = (name: string) => Promise<ShownSchedule[]>

const batch = { maxItems: 1_000, maxInFlight: 1 }

/** Asked for all queues at once, as the board's page does, they are listed once. */
export function queueSchedules(run: RunStatement): ListQueueSchedules {
  return batcher<string, ShownSchedule[]>(batch, async names => {
    const all = await listSchedules(run)
    return names.map(name => all.filter(({ job }) => job === name))
  })
}

/** Our schedules in the shape of Bull Board's page. */
export function boardSchedules(schedules: readonly ShownSchedule[]): Omit<AppJobScheduler, 'queueName'>[] {
  return schedules.map(({ key, job, cron, zone, next_slot, last, ...rest }) => ({
    id: key,
    name: job,
    pattern: cron,
    tz: zone,
    ...(next_slot === null ? {} : { next: Date.parse(next_slot) }),
    ...(last?.job_id ? { lastRun: Date.parse(last.slot), lastRunJobId: last.job_id } : {}),
    template: { data: { ...rest, last } },
  }))
}
