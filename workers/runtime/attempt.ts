import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import { isSocketError, isSurelyDatabase } from '../../src/db/database-away.ts'
import type { RunStatement } from '../../src/db/statement.ts'
import { isTestTenant } from '../../src/domain/test-tenant.ts'
import { Ambiguous, InfrastructureError, NotYet, PermanentError, Skipped } from '../../src/errors.ts'
import type { Claim } from '../../src/ledger/claim.ts'
import type { Ending } from '../../src/ledger/outcome.ts'
import { endingOfError, endingOfReturn } from './decide-ending.ts'
import { beginAttempt } from './attempt-span.ts'
import { type Bounds, contextOf } from './context.ts'
import { countInFlight, type InFlight } from './in-flight.ts'
import { type OpenJobLog, openJobLog } from './job-log.ts'
import { type OpenProgress, openProgress } from './job-progress.ts'
import { maskOf } from './mask-of.ts'
import { tolerant } from './tolerant.ts'
import type { JobType } from './process.ts'
import type { Runtime } from './runtime.ts'
import { Cancelled, Draining, Park, Superseded, TimedOut } from './signals.ts'

/** A processor that ignores its signal this long after the timeout is given up, and its process replaced. */
const settleAfterTimeoutMs = 10_000
/** A processor that does not stop this soon after the shutdown signal is handed back without it. */
const settleAfterDrainMs = 2_000
const maxResultBytes = 4_096

/** How an attempt ended, and the error behind it where there was one. */
export interface EndedAttempt {
  readonly ending: Ending
  readonly error?: unknown
}

interface OpenAttempt {
  /** Never rejects. */
  readonly ended: Promise<EndedAttempt>
  close(): void
}

/** Starts the processor with its context and bounds: timeout, shutdown, cancel, result schema. */
export function openAttempt(claim: Claim, type: JobType, runtime: Runtime): OpenAttempt {
  const { contract } = type
  const abort = new AbortController()
  const over = new AbortController()
  // A send on its way is awaited, not signalled: aborting it would only make its outcome unknown.
  let asked: Error | undefined
  const stopUnlessSending = (reason: Error) => {
    asked ??= reason
    if (inFlight.count === 0) abort.abort(asked)
  }
  const inFlight = countInFlight(() => asked && abort.abort(asked))
  const timer = setTimeout(
    () => abort.abort(new TimedOut(`timed out after ${contract.timeoutMs} ms`)),
    contract.timeoutMs,
  )
  const onDraining = () => stopUnlessSending(new Draining('the worker is shutting down'))
  runtime.draining.addEventListener('abort', onDraining)
  const leave = runtime.running.enter(claim.id, claim.name, stopUnlessSending)

  let jobLog: OpenJobLog | undefined
  // Opened when somebody writes: most jobs say nothing.
  const logOf = () => (jobLog ??= openJobLog(claim, contract, runtime)).log
  let progress: OpenProgress | undefined
  const progressOf = () => (progress ??= openProgress(claim, contract, runtime)).report
  const { traced, endSpan } = beginAttempt(claim)
  const work = runProcessor(traced, type, runtime, { signal: abort.signal, inFlight, logOf, progressOf })
  const ended = Promise.race([work, givenUp(abort.signal, over.signal, inFlight, contract.timeoutMs, runtime)])
    .then(value => ({ ending: endingOfReturn(value, maskOf(claim, contract)) }))
    .catch(async (thrown: unknown) => {
      const error = await meantBy(thrown, abort.signal, runtime.run)
      return { ending: endingOfError(error, claim, contract), error }
    })
    // Before the outcome: whoever sees that a job has ended sees what it said.
    .then(async end => {
      await jobLog?.close()
      endSpan(end.ending)
      return end
    })
  return {
    ended,
    close() {
      clearTimeout(timer)
      over.abort(attemptOver)
      progress?.close()
      leave()
      runtime.draining.removeEventListener('abort', onDraining)
    },
  }
}

/** One object for all: an abort without a reason builds an exception with a stack each time. */
const attemptOver = new Error('the attempt is over')

async function runProcessor(
  claim: Claim,
  { contract, processor }: JobType,
  runtime: Runtime,
  bounds: Bounds,
): Promise<unknown> {
  const payload = tolerant(contract).safeParse(claim.payload)
  if (!payload.success) throw new PermanentError('invalid-payload', z.prettifyError(payload.error))
  const { rateLimit } = contract
  // The budgets are those of the real providers.
  const isReal = !isTestTenant(claim.tenant)
  if (isReal && rateLimit !== 'none' && 'budget' in rateLimit)
    await runtime.budgets.take(rateLimit.budget, bounds.signal)
  const result = await processor(payload.data, contextOf(claim, contract, runtime, bounds))
  if (result instanceof Skipped) return result
  const checked = contract.result.safeParse(result)
  if (!checked.success) throw new PermanentError('invalid-result', z.prettifyError(checked.error))
  if (Buffer.byteLength(JSON.stringify(checked.data ?? null)) > maxResultBytes) {
    throw new PermanentError('result-too-large', `results are kept up to ${maxResultBytes} bytes`)
  }
  return checked.data
}

/** Rejects when the processor has had its signal and did not settle in time; what it does later meets a stale token. */
async function givenUp(
  signal: AbortSignal,
  over: AbortSignal,
  inFlight: InFlight,
  timeoutMs: number,
  runtime: Runtime,
): Promise<never> {
  if (!signal.aborted) await new Promise(resolve => signal.addEventListener('abort', resolve, { once: true }))
  const isDrain = signal.reason instanceof Draining
  // A cancelled job may take its contract's time to stop; what it has sent by then counts.
  const settleMs = signal.reason instanceof Cancelled ? timeoutMs : settleAfterTimeoutMs
  await delay(isDrain ? settleAfterDrainMs : settleMs, undefined, { signal: over, ref: false })
  if (!isDrain) runtime.condemn('a job ignored its abort signal')
  if (inFlight.count > 0) throw new Park('timed out while sending', settleAfterTimeoutMs)
  throw signal.reason
}

/** What others decided about the job, or what it knows about itself: says more than a signal it met on the way. */
const ownWords = [PermanentError, Ambiguous, NotYet, Park, Superseded]

/**
 * A processor stopped by its signal throws whatever its library makes of that, so the signal's reason is what happened.
 * A broken connection is our Postgres only if Postgres does not answer: it may have been anybody's.
 */
async function meantBy(error: unknown, signal: AbortSignal, run: RunStatement): Promise<unknown> {
  const isOwn = ownWords.some(kind => error instanceof kind)
  if (signal.aborted && !isOwn) {
    const isAbort = error instanceof Error && error.name === 'AbortError'
    if (!(signal.reason instanceof TimedOut) || isAbort) return signal.reason
  }
  if (isSurelyDatabase(error) || (isSocketError(error) && !(await answers(run)))) {
    return new InfrastructureError('database-away', 'our Postgres is away', { cause: error })
  }
  return error
}

const probeStatement = { name: 'probe', text: 'select 1' }

async function answers(run: RunStatement): Promise<boolean> {
  return await run(probeStatement).then(
    () => true,
    () => false,
  )
}
