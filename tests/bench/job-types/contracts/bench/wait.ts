import { z } from 'zod'
import { defineJob } from '../../../../../queues/define-job.ts'

export default defineJob({
  name: 'bench.wait',
  about: 'Waits as long as it is told, as work that asks a provider does.',
  version: 1,
  payload: z.strictObject({ sent_ms: z.number(), wait_ms: z.int().min(0), tag: z.enum(['crowd', 'single']) }),
  result: z.object({ ok: z.boolean() }),
  maxPayloadBytes: 2_048,
  durability: 'ledger',
  retry: { attempts: 3, firstDelayMs: 1_000, maxDelayMs: 1_000, jitter: 0 },
  timeoutMs: 30_000,
  expiresAfterMs: 'never',
  concurrency: { perProcess: 20, everywhere: 'unlimited' },
  perKey: 'none',
  rateLimit: 'none',
  priority: 5,
  tenant: 'api-key',
  schedule: 'none',
  unique: 'none',
  retention: { days: 1 },
  open: false,
})
