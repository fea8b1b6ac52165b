import type { Logger } from 'pino'
import { whileDatabaseIsAway } from '../../src/db/database-away.ts'
import type { RunStatement } from '../../src/db/statement.ts'
import { ConfigError, InfrastructureError, PermanentError, ProviderBusy, TemporaryError } from '../../src/errors.ts'
import type { Claim } from '../../src/ledger/claim.ts'
import { beginEffects, type EffectEnd, type EffectRow, endEffects } from '../../src/ledger/effect-rows.ts'
import { storedError } from '../../src/ledger/stored-error.ts'
import type { Mask } from '../../src/observability/redact-payload.ts'
import { beginSpan } from '../../src/observability/tracing.ts'
import type { WorkerMetrics } from '../../src/observability/worker-metrics.ts'
import type { EffectPolicy, SendAll } from './effect-policy.ts'
import type { InFlight } from './in-flight.ts'
import { Cancelled, Draining, Park, Superseded } from './signals.ts'

/** What the effects of one run need; `inFlight` counts sends so that a shutdown waits for them. */
export interface EffectRun {
  readonly run: RunStatement
  readonly claim: Claim
  readonly mask: Mask
  readonly signal: AbortSignal
  readonly draining: AbortSignal
  readonly inFlight: InFlight
  /** Transactions of the processor that are open now. */
  readonly openTransactions: { count: number }
  readonly metrics: Pick<WorkerMetrics, 'providerCall'>
  readonly log: () => Logger
}

/**
 * Sends in one call what earlier runs have not, and writes how each ended. Throws Park when the end of any is unknown, else
 * the first error that asks for another attempt.
 */
export async function sendReserved(
  context: EffectRun,
  waiting: readonly EffectRow[],
  policy: EffectPolicy,
  send: SendAll,
): Promise<EffectRow[]> {
  const { mask, signal, draining, inFlight } = context
  if (draining.aborted) throw new Draining('the worker is shutting down')
  if (context.openTransactions.count > 0)
    throw new Error('an effect cannot begin inside ctx.transaction: it would wait for it')
  signal.throwIfAborted()

  inFlight.enter()
  try {
    const answers = await sendBegun(context, waiting, policy, send)
    const ends = waiting.map((row, index) => endOf(row, answers[index], mask))
    await endSurely(context, ends)
    throwUnfinished(ends, answers)
    const endById = new Map(ends.map(end => [end.id, end]))
    return waiting.map(row => ({ ...row, ...endById.get(row.id) }))
  } finally {
    inFlight.leave()
  }
}

/** From `reserved → sending` to the provider's answers. The clock of `send_by` starts before the row's own does. */
async function sendBegun(
  context: EffectRun,
  waiting: readonly EffectRow[],
  { provider, sendWithinMs }: EffectPolicy,
  send: SendAll,
): Promise<Awaited<ReturnType<SendAll>>> {
  const { run, claim, mask, signal } = context
  const beganAtMs = performance.now()
  const begun = await beginEffects(
    run,
    claim,
    waiting.map(({ id }) => id),
    sendWithinMs,
  )
  const giveUp = async (why: Error): Promise<never> => {
    await endSurely(
      context,
      waiting.filter(({ id }) => begun.has(id)).map(row => endOf(row, { error: why }, mask)),
    )
    throw why
  }
  if (begun.size < waiting.length) return await giveUp(await whyNotBegun(run, claim))
  const leftMs = Math.floor(sendWithinMs - (performance.now() - beganAtMs))
  if (leftMs <= 0)
    return await giveUp(new InfrastructureError('begun-too-late', 'this process stood still; nothing was sent'))
  // An adapter that first loads its SDK starts its own clock late: this one has been running.
  const inTime = AbortSignal.any([signal, AbortSignal.timeout(leftMs)])
  return await asked(context, provider, waiting.length, () =>
    send(waiting, { signal: inTime, timeoutMs: leftMs }).catch((error: unknown) => waiting.map(() => ({ error }))),
  )
}

/** The call as a span of its trace and a figure, without what is sent and to whom. */
async function asked<A extends Awaited<ReturnType<SendAll>>>(
  { claim, mask, metrics }: EffectRun,
  provider: string,
  sends: number,
  call: () => Promise<A>,
): Promise<A> {
  const attributes = { 'peer.service': provider, 'hbnb_jobs.sends': sends }
  const span = beginSpan({ name: `${provider} send`, place: 'client', parent: claim.traceparent, attributes })
  const startedMs = performance.now()
  const answers = await call()
  const fault = answers.find(answer => 'error' in answer)
  const error = fault && 'error' in fault ? fault.error : undefined
  const { code, name } = storedError(error, mask)
  span.end(fault ? { fault: code ?? name } : {})
  const outcome = !fault ? 'ok' : error instanceof PermanentError ? 'refused' : 'failed'
  metrics.providerCall({ provider, outcome, tookMs: performance.now() - startedMs })
  return answers
}

/** What a provider answered has happened: it is written however long Postgres is away. */
async function endSurely({ run, claim, log }: EffectRun, ends: readonly EffectEnd[]): Promise<void> {
  await whileDatabaseIsAway(
    () => endEffects(run, ends, claim.token),
    error => log().warn({ err: error, id: claim.id }, 'the end of an effect is not written yet: Postgres is away'),
  )
}

function endOf(
  row: EffectRow,
  answer: { readonly id: string } | { readonly error: unknown } | undefined,
  mask: Mask,
): EffectEnd {
  const end = { id: row.id, evidence: 'answer', providerId: null, error: null, expectedSends: null } as const
  if (answer && 'id' in answer) return { ...end, state: 'accepted', providerId: answer.id }
  const thrown = answer?.error
  const error = storedError(thrown, mask)
  if (thrown instanceof PermanentError) return { ...end, state: 'rejected', error }
  return { ...end, state: surelyNotSent(thrown) ? 'reserved' : 'unknown', error }
}

function surelyNotSent(error: unknown): boolean {
  return (
    error instanceof Superseded ||
    error instanceof Cancelled ||
    error instanceof InfrastructureError ||
    error instanceof TemporaryError ||
    error instanceof ProviderBusy ||
    error instanceof ConfigError
  )
}

const firstLookMs = 1_000

/** Anything unknown parks the job; else the first error that asks for another attempt is the run's own. */
function throwUnfinished(ends: readonly EffectEnd[], answers: Awaited<ReturnType<SendAll>>): void {
  if (ends.some(({ state }) => state === 'unknown')) throw new Park('the provider gave no answer', firstLookMs)
  const index = ends.findIndex(({ state }) => state === 'reserved')
  const answer = answers[index]
  if (answer && 'error' in answer) throw answer.error
}

const whyStatement = {
  name: 'effect-why-not',
  text: `select cancel_requested as cancelled from hbnb_jobs.job_live where id = $1 and token = $2 and state = 'running'`,
}

async function whyNotBegun(run: RunStatement, claim: Claim): Promise<Error> {
  const [row] = await run<{ cancelled: boolean }>(whyStatement, [claim.id, claim.token])
  if (!row) return new Superseded('another run holds this job')
  return row.cancelled
    ? new Cancelled('cancelled before it was sent')
    : new TemporaryError('effect-moved', 'the effect was changed by someone else while it was about to be sent')
}
