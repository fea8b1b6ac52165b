import { z } from 'zod'
import { problemSchema } from './problem-schema.ts'

const count = z.int().min(0)
const status = z
  .enum(['accepted', 'replayed', 'refused'])
  .describe('replayed: made before under the same key, and nothing was made now')
const id = z.uuid().optional().describe('of the job, unless it was refused')
const problem = problemSchema.optional().describe('why it was refused')
const counts = { accepted: count, replayed: count, refused: count }

/** The answer to an array of jobs. */
export const manyAnswer = z.object({
  ...counts,
  items: z.array(z.object({ index: count, status, id, problem })),
})

/** The answer to one line, and behind the last one the sum. */
export const lineAnswer = z.union([
  z.object({ line: z.int().min(1), status, id, problem }),
  z.object({
    done: z.boolean().describe('false: what stands behind `lines` was not looked at; send it again'),
    ...counts,
    lines: count.describe('the last line that was looked at'),
    problem: problemSchema.optional().describe('why not all was looked at'),
  }),
])
