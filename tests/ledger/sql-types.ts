import { z } from 'zod'
import { defineJob, type JobContract } from '../../queues/define-job.ts'

const ordinary = {
  about: 'A job type of the SQL tests, with every figure small.',
  version: 3,
  result: z.object({}),
  maxPayloadBytes: 65_536,
  durability: 'ledger',
  retry: { attempts: 3, firstDelayMs: 100, maxDelayMs: 1_000, jitter: 0 },
  timeoutMs: 10_000,
  expiresAfterMs: 3_600_000,
  concurrency: { perProcess: 20, everywhere: 'unlimited' },
  perKey: 'none',
  rateLimit: 'none',
  priority: 4,
  tenant: 'api-key',
  schedule: 'none',
  unique: 'none',
  retention: { days: 30 },
  open: true,
} as const

const anything = z.union([z.string(), z.number(), z.boolean(), z.null()])

/** Waiting jobs that agree in both fields are one; at most one in flight per user. */
export const keyedJob = defineJob({
  ...ordinary,
  name: 'sql-test.keyed',
  payload: z.looseObject({ user_id: anything, slot: anything.optional() }),
  perKey: { by: ['user_id'], maxInFlight: 1 },
  unique: { by: ['user_id', 'slot'] },
})

export const plainJob = defineJob({
  ...ordinary,
  name: 'sql-test.plain',
  payload: z.looseObject({ booking_id: z.string() }),
})

const closedJob = defineJob({ ...plainJob, name: 'sql-test.closed', open: false })

/** What declareJobTypes takes. */
export const sqlTestTypes: ReadonlyMap<string, JobContract> = new Map(
  [keyedJob, plainJob, closedJob].map(contract => [contract.name, contract]),
)
