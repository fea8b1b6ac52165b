import { z } from 'zod'
import { defineJob } from '../../../../../queues/define-job.ts'

export default defineJob({
  name: 'chaos.block',
  about: 'Blocks the event loop of its first run for a while, before or after its one effect.',
  version: 1,
  payload: z.strictObject({ n: z.int(), block_ms: z.int(), when: z.enum(['before', 'after']) }),
  result: z.object({ message_id: z.string() }),
  maxPayloadBytes: 1_024,
  durability: 'ledger',
  retry: { attempts: 5, firstDelayMs: 500, maxDelayMs: 5_000, jitter: 0.5 },
  timeoutMs: 60_000,
  expiresAfterMs: 'never',
  concurrency: { perProcess: 10, everywhere: 'unlimited' },
  perKey: 'none',
  rateLimit: 'none',
  priority: 5,
  tenant: 'api-key',
  schedule: 'none',
  unique: 'none',
  retention: { days: 1 },
  open: false,
})
