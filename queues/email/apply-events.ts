import { z } from 'zod'
import { defineJob } from '../define-job.ts'

export default defineJob({
  name: 'email.apply-events',
  about:
    "Apply the mail provider's events: they settle lost answers, say how mails fared, and whom not to write to again.",
  version: 2,
  payload: z.strictObject({ inbox_id: z.uuid() }),
  result: z.object({ events: z.int(), settled: z.int(), noted: z.int(), suppressed: z.int() }),
  maxPayloadBytes: 1_024,
  durability: 'ledger',
  retry: { attempts: 10, firstDelayMs: 1_000, maxDelayMs: 3_600_000, jitter: 0.5 },
  timeoutMs: 30_000,
  expiresAfterMs: 'never',
  concurrency: { perProcess: 10, everywhere: 'unlimited' },
  perKey: 'none',
  rateLimit: 'none',
  priority: 3,
  tenant: 'api-key',
  schedule: 'none',
  unique: 'none',
  retention: { days: 30 },
  open: false,
})
