import { z } from 'zod'
import { jobLinks, jobState } from './job-shapes.ts'

const instant = z.iso.datetime({ offset: true })

/** One job of a list. */
export const foundJob = z.object({
  id: z.uuid(),
  name: z.string(),
  state: jobState,
  attempts: z.int().describe('attempts that counted'),
  accepted_at: instant,
  run_at: instant,
  finished_at: instant.nullable(),
  entity: z.string().nullable(),
  tags: z.array(z.string()),
  error: z
    .object({
      name: z.string(),
      code: z.string().nullable(),
      message: z.string(),
      signature: z.string().describe('the same for the same error: what a search by error looks for'),
    })
    .nullable(),
  reason: z.string().nullable().describe('why it was skipped or cancelled'),
  tenant: z.string(),
  batch: z.uuid().nullable(),
  links: jobLinks,
})
