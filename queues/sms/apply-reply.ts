import { z } from 'zod'
import { defineJob } from '../define-job.ts'

export default defineJob({
  name: 'sms.apply-reply',
  about: 'Stop all SMS to a number that has answered STOP, or go on where it has answered START.',
  version: 1,
  payload: z.strictObject({ inbox_id: z.uuid() }),
  result: z.object({ reply: z.enum(['stop', 'start']) }),
  maxPayloadBytes: 1_024,
  durability: 'ledger',
  retry: { attempts: 10, firstDelayMs: 1_000, maxDelayMs: 3_600_000, jitter: 0.5 },
  timeoutMs: 30_000,
  expiresAfterMs: 'never',
  concurrency: { perProcess: 10, everywhere: 'unlimited' },
  perKey: 'none',
  rateLimit: 'none',
  priority: 2,
  tenant: 'api-key',
  schedule: 'none',
  unique: 'none',
  retention: { days: 30 },
  open: false,
})
