import type { CopyData } from '../../src/queue/backend.ts'
import type { Claim } from '../../src/ledger/claim.ts'
import { isDatabaseAway } from '../../src/db/database-away.ts'
import { wakeParent } from '../../src/ledger/children.ts'
import type { Ending } from '../../src/ledger/outcome.ts'
import { storedFault } from '../../src/ledger/stored-error.ts'
import { attemptHere } from './attempt-here.ts'
import { endingOfError } from './decide-ending.ts'
import type { JobType } from './process.ts'
import { reportAttempt } from './report-attempt.ts'
import type { Runtime, WorkerRuntime } from './runtime.ts'
import { Cancelled, Draining, RetryInQueue } from './signals.ts'
import { writeEnding } from './write-ending.ts'
import { UnrecoverableError } from 'bullmq'

/**
 * The one executor: every job of every type goes through these steps and no others. Its promise settles only after the
 * ledger has committed how the run ended, so finished in BullMQ implies finished in the ledger.
 */
export async function runJob(copy: CopyData, type: JobType, runtime: WorkerRuntime): Promise<string> {
  const claim = await claimRun(copy, runtime)
  if (!claim) return 'not the current run of this job: nothing done'

  const startedMs = performance.now()
  const ending = refuseToStart(claim, type, runtime) ?? (await attempt(claim, type, copy.probe === true, runtime))
  const isCurrent = await writeEnding(claim, ending, type, runtime)
  reportAttempt(claim, ending, { isCurrent, tookMs: performance.now() - startedMs }, type, runtime)
  if (ending.kind === 'finish' && claim.parentId !== null) await tellParent(claim.parentId, runtime)
  return answerQueue(ending, isCurrent)
}

/** Only a hint: a parent that is not told looks by itself. */
async function tellParent(parentId: string, { run, log }: Runtime): Promise<void> {
  await wakeParent(run, parentId).catch((error: unknown) => log.warn({ err: error }, 'the parent was not told'))
}

/** What can be said without starting: newer than this worker, cancelled, too late. */
function refuseToStart(claim: Claim, { contract }: JobType, { draining }: Runtime): Ending | undefined {
  if (draining.aborted) return endingOfError(new Draining('the worker is shutting down'), claim, contract)
  if (claim.version > contract.version)
    return handBack(`this worker knows version ${contract.version} of ${claim.name}`)
  // What may have happened outside already is brought to its end, however late; a cancel then stops what is not sent.
  if (claim.hasEffects) return undefined
  if (claim.cancelRequested) return endingOfError(new Cancelled('cancelled before it started'), claim, contract)
  if (claim.expired) return skip('expired')
  if (claim.supersededBy !== null) return skip(`superseded by ${claim.supersededBy}`)
  return undefined
}

function skip(reason: string): Ending {
  return { kind: 'finish', outcome: 'skipped', result: null, reason, error: null }
}

/** An old worker must never run a newer job: dropping a field it does not know could change what the job means. */
function handBack(message: string): Ending {
  const error = storedFault(new Error(message))
  return { kind: 'continue', state: 'accepted', ending: 'handed-back', countsAsAttempt: false, delayMs: 30_000, error }
}

/** A suspect runs alone, in a process of its own, so that its death is its own. */
async function attempt(claim: Claim, type: JobType, isProbe: boolean, runtime: WorkerRuntime): Promise<Ending> {
  if (!claim.suspect || !runtime.lone) return await attemptHere(claim, type, isProbe, runtime)
  // It takes a slot here all the same, or the watch for deaf workers would think that slot free.
  const leave = runtime.running.enter(claim.id, claim.name, () => {})
  try {
    return await runtime.lone.run(claim, isProbe, type.contract.timeoutMs)
  } finally {
    leave()
  }
}

/** A copy whose claim failed stays in the queue; while Postgres is away nothing more is fetched. */
async function claimRun(copy: CopyData, { claim, gate }: WorkerRuntime): Promise<Claim | undefined> {
  try {
    return await claim(copy)
  } catch (error) {
    if (isDatabaseAway(error)) gate.close()
    throw error
  }
}

/** Retries that stay in the queue and failures are thrown, so that Bull Board shows them as what they are. */
function answerQueue(ending: Ending, isCurrent: boolean): string {
  if (!isCurrent) return 'superseded: another run holds this job'
  if (ending.kind === 'finish') {
    if (ending.outcome === 'failed' || ending.outcome === 'quarantined')
      throw new UnrecoverableError(ending.error?.message)
    return ending.outcome
  }
  const why = ending.error?.message ?? ending.ending
  if (ending.state === 'queued') throw new RetryInQueue(why, ending.delayMs)
  return `${ending.ending}: ${why}; the ledger starts it again in ${Math.ceil(ending.delayMs / 1_000)} s`
}
