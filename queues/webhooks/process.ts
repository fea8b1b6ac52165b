import { z } from 'zod'
import { defineJob } from '../define-job.ts'

export default defineJob({
  name: 'webhooks.process',
  about: 'React to one event of the inbox: the verified webhook becomes rows and jobs.',
  version: 2,
  payload: z.strictObject({ inbox_id: z.uuid() }),
  result: z.object({ event: z.string(), job_ids: z.array(z.uuid()) }),
  maxPayloadBytes: 1_024,
  durability: 'ledger',
  retry: { attempts: 10, firstDelayMs: 1_000, maxDelayMs: 3_600_000, jitter: 0.5 },
  timeoutMs: 30_000,
  expiresAfterMs: 'never',
  concurrency: { perProcess: 20, everywhere: 'unlimited' },
  perKey: 'none',
  rateLimit: 'none',
  priority: 4,
  tenant: 'api-key',
  schedule: 'none',
  unique: 'none',
  retention: { days: 90 },
  open: false,
})
