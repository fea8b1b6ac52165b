import { z } from 'zod'
import { defineJob, type JobContract } from '../../queues/define-job.ts'
import { type JobType, type OnDead, type Processor, process } from '../../workers/runtime/process.ts'

const contract = defineJob({
  name: 'test.work',
  about: 'A job of the tests, with every figure small.',
  version: 1,
  payload: z.strictObject({ n: z.int(), v: z.int().optional() }),
  result: z.object({ n: z.int() }),
  maxPayloadBytes: 1_024,
  durability: 'ledger',
  retry: { attempts: 3, firstDelayMs: 100, maxDelayMs: 1_000, jitter: 0 },
  timeoutMs: 10_000,
  expiresAfterMs: 'never',
  concurrency: { perProcess: 20, everywhere: 'unlimited' },
  perKey: 'none',
  rateLimit: 'none',
  priority: 5,
  tenant: 'api-key',
  schedule: 'none',
  unique: 'none',
  retention: { days: 1 },
  open: true,
})

type TestContract = typeof contract

/** A job type whose processor is the test's own. */
export function testJob(
  processor: Processor<TestContract>,
  changes: Partial<TestContract> = {},
  onDead?: OnDead<TestContract>,
): JobType & { readonly contract: JobContract } {
  return process(defineJob({ ...contract, ...changes }), processor, onDead)
}
