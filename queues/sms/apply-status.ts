import { z } from 'zod'
import { defineJob } from '../define-job.ts'

export default defineJob({
  name: 'sms.apply-status',
  about:
    'Note how far an SMS has come, as its provider tells; a send whose answer was lost is settled by it, and one that reached nobody may be sent once more.',
  version: 1,
  payload: z.strictObject({ inbox_id: z.uuid() }),
  result: z.object({ status: z.string(), is_news: z.boolean(), settled: z.int(), sent_again: z.boolean() }),
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
