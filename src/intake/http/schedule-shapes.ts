import { z } from 'zod'
import { missedSlots, scheduleDefinition } from '../../domain/schedules/definition.ts'
import type { ShownSchedule } from '../../ledger/schedules/show-schedules.ts'

const instant = z.iso.datetime({ offset: true })

const { job: name, ...definition } = scheduleDefinition.shape

/** A schedule as a caller describes it. */
export const scheduleBody = z.strictObject({ name: name.describe('the job type'), ...definition })

/** A schedule as it is shown. */
export const shownSchedule = z
  .object({
    key: z.string(),
    name: z.string().describe('the job type'),
    source: z.enum(['contract', 'api']),
    cron: z.string(),
    zone: z.string(),
    missed: missedSlots,
    overlap: z.enum(['skip', 'queue']),
    tenant: z.string(),
    paused_at: instant.nullable(),
    paused_by: z.string().nullable(),
    next_slot: instant.nullable().describe('null while paused, and when no day will come'),
    overlap_skips: z.int().describe('slots in a row that met an unfinished run'),
    last: z.object({ slot: instant, decision: z.string(), job_id: z.uuid().nullable() }).nullable(),
  })
  .meta({ title: 'Schedule' })

/** The coming slots of a schedule. */
export const shownPreview = z.object({
  slots: z.array(
    z.object({
      slot: instant,
      local: z.string().describe('as a clock in its zone shows it'),
      payload: z.unknown().describe('what its job will carry'),
    }),
  ),
})

/** Job types are called `name` everywhere in the API. */
export function shownScheduleOf({ job, ...schedule }: ShownSchedule): Omit<ShownSchedule, 'job'> & { name: string } {
  return { ...schedule, name: job }
}
