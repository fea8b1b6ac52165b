import type { z } from 'zod'
import type { JobContract } from '../../queues/define-job.ts'
import { acceptJobs } from '../../src/ledger/accept.ts'
import { newJob } from '../../src/ledger/new-job.ts'
import type { Stage } from './scenario.ts'

/** Accepts a job of the test's own types, which no intake knows. */
export async function acceptOwn<C extends JobContract>(
  { system, accepted }: Stage,
  contract: C,
  payload: z.input<C['payload']>,
): Promise<void> {
  const job = newJob(contract, payload)
  await acceptJobs(system.database.run, [job])
  accepted(job.id)
}
