import { z } from 'zod'
import { defineJob } from '../define-job.ts'
import send from './send.ts'

export default defineJob({
  name: 'notifications.decide',
  about: 'Decide the channels of a notification that is kept already, then one delivery and one job per channel.',
  version: 1,
  payload: z.strictObject({ notification_id: z.uuid() }),
  result: send.result,
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
  open: false,
})
