import { z } from 'zod'
import { defineJob } from '../../../../../queues/define-job.ts'
import { smallFigures } from '../../../../support/test-job.ts'

export default defineJob({
  ...smallFigures,
  name: 'lone.sending',
  payload: z.strictObject({ n: z.int() }),
  result: z.object({ taken: z.string() }),
})
