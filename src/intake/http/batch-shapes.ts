import { z } from 'zod'
import { entityOption } from './job-options.ts'

const maxAboutChars = 200
const instant = z.iso.datetime({ offset: true })
const count = z.int().min(0)

/** What a new batch may say of itself. */
export const newBatch = z.strictObject({
  about: z.string().min(1).max(maxAboutChars).optional().describe('What it is, for people; no personal data.'),
  entity: entityOption.optional().describe('What it is about; the job of when_done is about the same.'),
  when_done: z
    .strictObject({ name: z.string(), payload: z.unknown() })
    .optional()
    .describe('The job that is made, once, when the batch is closed and all its jobs have ended.'),
})

/** A batch as it is shown. */
export const shownBatch = z
  .object({
    id: z.uuid(),
    state: z.enum(['open', 'closed', 'done']).describe('closed: takes no more jobs; done: all of them have ended'),
    about: z.string().nullable(),
    entity: z.string().nullable(),
    total: count,
    open: count,
    completed: count,
    skipped: count,
    failed: count.describe('failed or quarantined'),
    cancelled: count,
    progress: z.number().min(0).max(1).describe('the share of its jobs that have ended'),
    created_at: instant,
    closed_at: instant.nullable(),
    done_at: instant.nullable(),
    when_done: z.object({ name: z.string(), job_id: z.uuid().nullable() }).nullable(),
    links: z.object({ self: z.string(), jobs: z.string() }),
  })
  .meta({ title: 'Batch' })
