import { z } from 'zod'
import { defineJob } from '../define-job.ts'

export default defineJob({
  name: 'push.prune-tokens',
  about: 'Forget devices that nobody has used for 270 days.',
  version: 1,
  payload: z.strictObject({ at: z.iso.datetime() }),
  result: z.object({ looked: z.int(), removed: z.int() }),
  maxPayloadBytes: 1_024,
  durability: 'ledger',
  retry: { attempts: 5, firstDelayMs: 60_000, maxDelayMs: 3_600_000, jitter: 0.5 },
  timeoutMs: 600_000,
  expiresAfterMs: 43_200_000,
  concurrency: { perProcess: 1, everywhere: 1 },
  perKey: 'none',
  rateLimit: 'none',
  priority: 8,
  tenant: 'api-key',
  schedule: {
    cron: '20 3 * * *',
    zone: 'UTC',
    missed: 'once',
    overlap: 'skip',
    payload: slot => ({ at: slot.toISOString() }),
  },
  unique: 'none',
  retention: { days: 30 },
  open: false,
})
