import { setTimeout as delay } from 'node:timers/promises'
import type { Knex } from 'knex'
import { z } from 'zod'
import { PermanentError, Skipped } from '../../src/errors.ts'
import type { Claim } from '../../src/ledger/claim.ts'
import type { Ending } from '../../src/ledger/outcome.ts'
import { endingOfError, endingOfReturn } from './decide-ending.ts'
import { effectsOf } from './effects.ts'
import { enqueueFor } from './enqueue-child.ts'
import type { Context, JobType } from './process.ts'
import type { Runtime } from './runtime.ts'
import { Draining, Park, Superseded, TimedOut } from './signals.ts'

/** A processor that ignores its signal this long after the timeout is given up, and its process replaced. */
const settleAfterTimeoutMs = 10_000
/** A processor that does not stop this soon after the shutdown signal is handed back without it. */
const settleAfterDrainMs = 2_000
const maxResultBytes = 4_096

interface OpenAttempt {
  /** Never rejects. */
  readonly ending: Promise<Ending>
  close(): void
}

/** Starts the processor with its context and bounds: timeout, shutdown, result schema. */
export function openAttempt(claim: Claim, type: JobType, runtime: Runtime): OpenAttempt {
  const { contract } = type
  const abort = new AbortController()
  const over = new AbortController()
  const inFlight = { count: 0 }
  const timer = setTimeout(
    () => abort.abort(new TimedOut(`timed out after ${contract.timeoutMs} ms`)),
    contract.timeoutMs,
  )
  // A send on its way is awaited, not signalled: aborting it would only make its outcome unknown.
  const onDraining = () => inFlight.count === 0 && abort.abort(new Draining('the worker is shutting down'))
  runtime.draining.addEventListener('abort', onDraining)

  const work = runProcessor(claim, type, runtime, abort.signal, inFlight)
  const ending = Promise.race([work, givenUp(abort.signal, over.signal, inFlight, runtime)])
    .then(endingOfReturn)
    .catch((error: unknown) => endingOfError(meantBy(error, abort.signal), claim, contract))
  return {
    ending,
    close() {
      clearTimeout(timer)
      over.abort()
      runtime.draining.removeEventListener('abort', onDraining)
    },
  }
}

async function runProcessor(
  claim: Claim,
  { contract, processor }: JobType,
  runtime: Runtime,
  signal: AbortSignal,
  inFlight: { count: number },
): Promise<unknown> {
  const payload = contract.payload.strip().safeParse(claim.payload)
  if (!payload.success) throw new PermanentError('invalid-payload', z.prettifyError(payload.error))
  const result = await processor(payload.data, contextOf(claim, runtime, signal, inFlight))
  if (result instanceof Skipped) return result
  const checked = contract.result.safeParse(result)
  if (!checked.success) throw new PermanentError('invalid-result', z.prettifyError(checked.error))
  if (Buffer.byteLength(JSON.stringify(checked.data ?? null)) > maxResultBytes) {
    throw new PermanentError('result-too-large', `results are kept up to ${maxResultBytes} bytes`)
  }
  return checked.data
}

function contextOf(claim: Claim, runtime: Runtime, signal: AbortSignal, inFlight: { count: number }): Context {
  const { run, knex, services, draining } = runtime
  return {
    ...services,
    ...effectsOf({ run, claim, signal, draining, inFlight }),
    job: {
      id: claim.id,
      entity: claim.entity,
      tenant: claim.tenant,
      attempt: claim.attempts + 1,
      acceptedAt: claim.acceptedAt,
    },
    signal,
    log: runtime.log.child({ job: claim.name, id: claim.id }),
    transaction: work => transactionOf(claim, knex, work),
    enqueue: enqueueFor(claim, run),
  }
}

async function transactionOf<T>(claim: Claim, knex: Knex, work: (tx: Knex.Transaction) => Promise<T>): Promise<T> {
  return await knex.transaction(async tx => {
    const current = await tx('hbnb_jobs.job_live')
      .where({ id: claim.id, token: claim.token, state: 'running' })
      .forUpdate()
      .first('id')
    if (!current) throw new Superseded('another run holds this job')
    return await work(tx)
  })
}

/** Rejects when the processor has had its signal and did not settle in time; what it does later meets a stale token. */
async function givenUp(
  signal: AbortSignal,
  over: AbortSignal,
  inFlight: { count: number },
  runtime: Runtime,
): Promise<never> {
  if (!signal.aborted) await new Promise(resolve => signal.addEventListener('abort', resolve, { once: true }))
  const isDrain = signal.reason instanceof Draining
  await delay(isDrain ? settleAfterDrainMs : settleAfterTimeoutMs, undefined, { signal: over, ref: false })
  if (!isDrain) runtime.condemn('a job ignored its abort signal')
  if (inFlight.count > 0) throw new Park('timed out while sending', settleAfterTimeoutMs)
  throw signal.reason
}

/** A processor stopped by its signal throws whatever its library throws; the signal's reason is what happened. */
function meantBy(error: unknown, signal: AbortSignal): unknown {
  const isAbort = error instanceof Error && error.name === 'AbortError'
  return signal.aborted && (isAbort || error === signal.reason) ? signal.reason : error
}
