import { z } from 'zod'
import { defineJob } from '../define-job.ts'

export default defineJob({
  name: 'push.send-batch',
  about: 'Send what a broadcast has decided for up to 1,000 people to their devices.',
  version: 1,
  payload: z.strictObject({ broadcast_id: z.uuid() }),
  result: z.object({ accepted: z.int(), refused: z.int(), unknown: z.int() }),
  maxPayloadBytes: 1_024,
  durability: 'ledger',
  retry: { attempts: 12, firstDelayMs: 1_000, maxDelayMs: 3_600_000, jitter: 0.5 },
  timeoutMs: 600_000,
  expiresAfterMs: 172_800_000,
  concurrency: { perProcess: 2, everywhere: 'unlimited' },
  perKey: 'none',
  rateLimit: { budget: 'fcm' },
  priority: 7,
  tenant: 'api-key',
  schedule: 'none',
  unique: 'none',
  retention: { days: 90 },
  open: false,
})
