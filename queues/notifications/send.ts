import { z } from 'zod'
import { defineJob } from '../define-job.ts'

export default defineJob({
  name: 'notifications.send',
  about: 'Tell a person something: decide the channels, then one delivery and one job per channel.',
  version: 1,
  payload: z.strictObject({
    user_id: z.string().min(1).max(64),
    template: z.enum(['booking-confirmation']),
    booking_id: z.string().min(1).max(64),
  }),
  result: z.object({
    notification_id: z.uuid(),
    channels: z.object({ email: z.string(), sms: z.string(), push: z.string() }),
  }),
  maxPayloadBytes: 1_024,
  durability: 'ledger',
  retry: { attempts: 10, firstDelayMs: 1_000, maxDelayMs: 3_600_000, jitter: 0.5 },
  timeoutMs: 30_000,
  expiresAfterMs: 172_800_000,
  concurrency: { perProcess: 20, everywhere: 'unlimited' },
  perKey: 'none',
  rateLimit: 'none',
  priority: 5,
  tenant: 'api-key',
  schedule: 'none',
  unique: 'none',
  retention: { days: 90 },
  open: true,
})
