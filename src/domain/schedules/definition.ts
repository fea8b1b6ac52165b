import { z } from 'zod'
import { isZone } from './zone.ts'

const maxKeyChars = 100
const maxCronChars = 200
/** The column's own bound: more catch-up runs than this are a backfill, not a schedule. */
const maxCatchUpRuns = 1_000

/** A schedule's name, e.g. `nightly-export` or `reports.weekly`. */
export const scheduleKey = z
  .string()
  .max(maxKeyChars)
  .regex(/^[a-z0-9]+([._-][a-z0-9]+)*$/, 'must be words of small letters and digits, joined by . _ or -')

/** What becomes of slots that nobody decided in time: none runs, the last one, or as many as are named. */
export const missedSlots = z.union([
  z.literal('skip'),
  z.literal('once'),
  z.strictObject({ all: z.int().min(1).max(maxCatchUpRuns) }),
])

/** A schedule as a caller of the API describes it; the cron itself is read by `readCron`. */
export const scheduleDefinition = z
  .strictObject({
    job: z.string().max(maxKeyChars),
    cron: z.string().max(maxCronChars),
    zone: z.string().refine(isZone, 'must be an IANA time zone such as Europe/Paris'),
    missed: missedSlots,
    overlap: z.enum(['skip', 'queue']),
    payload: z.record(z.string(), z.unknown()),
  })
  .refine(({ missed, overlap }) => typeof missed === 'string' || overlap === 'queue', {
    path: ['overlap'],
    message: "must be 'queue' when missed is { all }: each run that catches up would meet the one before it",
  })

export type ScheduleDefinition = z.output<typeof scheduleDefinition>
