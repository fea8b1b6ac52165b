import type { JobContract } from '../../queues/define-job.ts'
import type { NewJob } from '../ledger/new-job.ts'
import type { CopyData, QueueBackend } from './backend.ts'

/** Finished copies are the only trace of such a job: enough for a look, not for a history. */
const keepCompleted = { count: 1_000, age: 3_600 }
const keepFailed = { count: 5_000, age: 7 * 86_400 }

/**
 * Puts jobs of durability `queue` straight into BullMQ: no row, no promise beyond the store's own. Jobs of one contract
 * only. An id that is already there is left as it was.
 */
export async function enqueueDirect(
  backend: QueueBackend,
  contract: JobContract,
  jobs: readonly NewJob[],
): Promise<void> {
  await backend.queue(contract.name).addBulk(jobs.map(job => asCopy(contract, job)))
}

function asCopy({ name, retry }: JobContract, job: NewJob) {
  const { id, traceparent, version, payload, tenant, entity, runAt, expiresAt } = job
  const data: CopyData = {
    id,
    run: 0,
    traceparent,
    direct: { version, payload, tenant, entity, acceptedAtMs: Date.now(), expiresAtMs: expiresAt?.getTime() ?? null },
  }
  const delay = runAt === null ? 0 : Math.max(0, runAt.getTime() - Date.now())
  return {
    name,
    data,
    opts: {
      jobId: id,
      ...(delay > 0 ? { delay } : {}),
      attempts: retry.attempts,
      backoff: { type: 'ledger' },
      removeOnComplete: keepCompleted,
      removeOnFail: keepFailed,
    },
  }
}
