import { z } from 'zod'
import { defineJob, type JobContract } from '../../queues/define-job.ts'
import { type JobType, type OnDead, type Processor, process } from '../../workers/runtime/process.ts'

/** Everything a contract of the tests says besides its name and its schemas. */
export const smallFigures = {
  about: 'A job of the tests, with every figure small.',
  version: 1,
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
} as const

const contract = defineJob({
  ...smallFigures,
  name: 'test.work',
  payload: z.strictObject({ n: z.int(), v: z.int().optional() }),
  result: z.object({ n: z.int() }),
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
