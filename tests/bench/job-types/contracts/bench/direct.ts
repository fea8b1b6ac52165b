import { z } from 'zod'
import { defineJob } from '../../../../../queues/define-job.ts'

export default defineJob({
  name: 'bench.direct',
  about: 'Does nothing with about one kilobyte, and the ledger hears nothing of it.',
  version: 1,
  payload: z.strictObject({ sent_ms: z.number(), tag: z.string(), filler: z.string() }),
  result: z.object({ ok: z.boolean() }),
  maxPayloadBytes: 2_048,
  durability: 'queue',
  retry: { attempts: 3, firstDelayMs: 1_000, maxDelayMs: 1_000, jitter: 0 },
  timeoutMs: 30_000,
  expiresAfterMs: 'never',
  concurrency: { perProcess: 100, everywhere: 'unlimited' },
  perKey: 'none',
  rateLimit: 'none',
  priority: 5,
  tenant: 'api-key',
  schedule: 'none',
  unique: 'none',
  retention: { days: 1 },
  open: false,
})
