import { z } from 'zod'
import { defineJob } from '../define-job.ts'

export default defineJob({
  name: 'notifications.close-digests',
  about: 'Tell people in the evening, in one message, what was in no hurry during the day.',
  version: 1,
  payload: z.strictObject({ at: z.iso.datetime() }),
  result: z.object({ closed: z.int(), sent: z.int() }),
  maxPayloadBytes: 1_024,
  durability: 'ledger',
  retry: { attempts: 5, firstDelayMs: 5_000, maxDelayMs: 300_000, jitter: 0.5 },
  timeoutMs: 120_000,
  expiresAfterMs: 3_600_000,
  concurrency: { perProcess: 1, everywhere: 1 },
  perKey: 'none',
  rateLimit: 'none',
  priority: 7,
  tenant: 'api-key',
  schedule: {
    cron: '*/15 * * * *',
    zone: 'UTC',
    missed: 'once',
    overlap: 'skip',
    payload: slot => ({ at: slot.toISOString() }),
  },
  unique: 'none',
  retention: { days: 7 },
  open: false,
})
