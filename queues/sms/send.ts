import { z } from 'zod'
import { defineJob } from '../define-job.ts'

export default defineJob({
  name: 'sms.send',
  about: 'Send one delivery of a notification by SMS.',
  version: 2,
  payload: z.strictObject({ delivery_id: z.uuid() }),
  result: z.object({ message_id: z.string(), encoding: z.enum(['GSM-7', 'UCS-2']), segments: z.int() }),
  maxPayloadBytes: 1_024,
  durability: 'ledger',
  retry: { attempts: 12, firstDelayMs: 1_000, maxDelayMs: 3_600_000, jitter: 0.5 },
  timeoutMs: 90_000,
  expiresAfterMs: 172_800_000,
  concurrency: { perProcess: 10, everywhere: 'unlimited' },
  perKey: 'none',
  rateLimit: { budget: 'twilio' },
  priority: 5,
  tenant: 'api-key',
  schedule: 'none',
  unique: 'none',
  retention: { days: 90 },
  open: false,
})
