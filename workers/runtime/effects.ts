import { ConfigError, InfrastructureError, PermanentError, ProviderBusy, TemporaryError } from '../../src/errors.ts'
import {
  beginEffects,
  type EffectEnd,
  type EffectRow,
  endEffects,
  reserveEffects,
} from '../../src/ledger/effect-rows.ts'
import type { Logger } from 'pino'
import { whileDatabaseIsAway } from '../../src/db/database-away.ts'
import type { RunStatement } from '../../src/db/statement.ts'
import type { Claim } from '../../src/ledger/claim.ts'
import { storedError } from '../../src/ledger/stored-error.ts'
import type { Mask } from '../../src/observability/redact-payload.ts'
import { beginSpan } from '../../src/observability/tracing.ts'
import type { WorkerMetrics } from '../../src/observability/worker-metrics.ts'
import type { ProviderCall } from '../../src/providers/provider-call.ts'
import { settleUnknown } from './settle-effects.ts'
import { Cancelled, Draining, Park, Superseded } from './signals.ts'

/** One send, as the adapter's caller sees it. */
export interface Sending {
  readonly key: string
  /** The effect's id: the provider's idempotency key or custom argument. */
  readonly id: string
}

/** What settlement may learn about a send whose answer was lost. */
export type Settlement = { readonly accepted: string } | 'not-sent' | 'cannot-tell'

/** How one kind of effect is sent and, when its answer is lost, settled. */
export interface EffectPolicy {
  readonly provider: string
  /** How many keys one call may carry. */
  readonly maxPerCall: number
  /** The adapter gives up by then; only later may anyone else take the send over. */
  readonly sendWithinMs: number
  /** Asks the provider what became of an unknown send. */
  readonly settle: (effect: EffectRow) => Promise<Settlement>
  /** When settlement cannot tell for this long: send once more, or close as unknown. */
  readonly whenUnsettled: { readonly afterMs: number; readonly action: 'resend' | 'close' }
}

/** Per key: accepted with the provider's id, refused, or closed without ever being known. */
export type EffectResult =
  | { readonly state: 'accepted'; readonly providerId: string }
  | { readonly state: 'rejected'; readonly error: Error }
  | { readonly state: 'unknown' }

/** Answers per sending, in order: the provider's id, or the outcome error that says why not. */
export type SendAll = (
  sendings: readonly Sending[],
  call: ProviderCall,
) => Promise<readonly ({ readonly id: string } | { readonly error: unknown })[]>

export interface Effects {
  /** Sends each key once by our decision; answers what is known of every key. Parks the job while any is unknown. */
  readonly effects: (keys: readonly string[], policy: EffectPolicy, send: SendAll) => Promise<Map<string, EffectResult>>
  /** The same for one key. Answers the provider's id; throws PermanentError when it was refused or closed as unknown. */
  readonly effect: (
    key: string,
    policy: EffectPolicy,
    send: (sending: Sending, call: ProviderCall) => Promise<{ readonly id: string }>,
  ) => Promise<string>
}

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

/** Sends under way in one attempt. */
export interface InFlight {
  readonly count: number
  enter(): void
  leave(): void
}

export function effectsOf(context: EffectRun): Effects {
  const effects: Effects['effects'] = async (keys, policy, send) => {
    if (context.claim.token === 0) throw new Error('an effect needs a job of the ledger: durability `ledger`')
    const reserved = await reserveEffects(context.run, context.claim.id, policy.provider, [...new Set(keys)])
    const settled = await settleUnknown(context.run, reserved, policy, context.mask)
    const sent = new Map(settled.map(row => [row.key, row]))
    const waiting = settled.filter(row => row.state === 'reserved')
    for (let start = 0; start < waiting.length; start += policy.maxPerCall) {
      const call = waiting.slice(start, start + policy.maxPerCall)
      for (const row of await sendReserved(context, call, policy, send)) sent.set(row.key, row)
    }
    return new Map([...sent].map(([key, row]) => [key, resultOf(row)]))
  }
  return {
    effects,
    async effect(key, policy, send) {
      const results = await effects([key], policy, async ([sending], call) => {
        if (!sending) return []
        try {
          return [await send(sending, call)]
        } catch (error) {
          return [{ error }]
        }
      })
      const result = results.get(key)
      if (result?.state === 'accepted') return result.providerId
      if (result?.state === 'rejected') throw result.error
      throw new PermanentError(
        'effect-unknown',
        `it could not be learned whether ${policy.provider} took it; not repeated`,
      )
    },
  }
}

async function sendReserved(
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

function resultOf(row: EffectRow): EffectResult {
  if (row.state === 'accepted') return { state: 'accepted', providerId: row.providerId ?? row.id }
  if (row.state === 'rejected') {
    return {
      state: 'rejected',
      error: new PermanentError(row.error?.code ?? 'rejected', row.error?.message ?? 'the provider refused'),
    }
  }
  return { state: 'unknown' }
}
