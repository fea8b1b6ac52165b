import { UnrecoverableError } from 'bullmq'
import type { CopyData, DirectJob } from '../../src/queue/backend.ts'
import type { Claim } from '../../src/ledger/claim.ts'
import type { Ending } from '../../src/ledger/outcome.ts'
import { attemptHere } from './attempt-here.ts'
import type { JobType } from './process.ts'
import { reportAttempt } from './report-attempt.ts'
import type { WorkerRuntime } from './runtime.ts'
import { RetryInQueue } from './signals.ts'

/** A token no row has: such a job can hold no effect and lock no row. */
const noToken = 0

/**
 * Runs a job that lives in the queue alone (durability `queue`): the same contract, context, bounds and report as all
 * others, but BullMQ keeps its attempts, and nothing of it is written to the ledger.
 */
export async function runDirect(
  copy: CopyData,
  direct: DirectJob,
  attemptsMade: number,
  type: JobType,
  runtime: WorkerRuntime,
): Promise<string> {
  const claim = claimOf(copy, direct, attemptsMade, type)
  const startedMs = performance.now()
  const ending: Ending = claim.expired
    ? { kind: 'finish', outcome: 'skipped', result: null, reason: 'expired', error: null }
    : await attemptHere(claim, type, false, runtime)
  reportAttempt(claim, ending, { isCurrent: true, tookMs: performance.now() - startedMs }, type, runtime)
  if (ending.kind === 'continue') throw new RetryInQueue(ending.error?.message ?? ending.ending, ending.delayMs)
  if (ending.outcome === 'failed') throw new UnrecoverableError(ending.error?.message)
  return ending.outcome
}

function claimOf(copy: CopyData, direct: DirectJob, attempts: number, { contract }: JobType): Claim {
  const now = Date.now()
  return {
    id: copy.id,
    name: contract.name,
    version: direct.version,
    payload: direct.payload,
    tenant: direct.tenant,
    entity: direct.entity,
    parentId: null,
    run: copy.run,
    token: noToken,
    attempts,
    cancelRequested: false,
    expired: direct.expiresAtMs !== null && direct.expiresAtMs < now,
    traceparent: copy.traceparent,
    acceptedAt: new Date(direct.acceptedAtMs),
    waitedMs: Math.max(0, now - direct.acceptedAtMs),
    crashes: 0,
    suspect: false,
    hasEffects: false,
    supersededBy: null,
  }
}
