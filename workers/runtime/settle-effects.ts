import type { RunStatement } from '../../src/db/statement.ts'
import { TemporaryError } from '../../src/errors.ts'
import { type EffectEnd, type EffectRow, endEffects } from '../../src/ledger/effect-rows.ts'
import { storedError } from '../../src/ledger/stored-error.ts'
import { sendMarginMs } from '../../src/ledger/sweep-crashes.ts'
import type { Mask } from '../../src/observability/redact-payload.ts'
import type { EffectPolicy, Settlement } from './effect-policy.ts'
import { Park } from './signals.ts'

const shortestLookMs = 2_000
const longestLookMs = 60_000
/** A send is repeated by policy once; a second unknown closes it. */
const maxSendsByPolicy = 2

/**
 * Settles what earlier runs left open: another runner's send is waited for, an unknown one is asked about, and what
 * cannot be told for too long is decided by the written policy. Parks the job while anything stays open.
 */
export async function settleUnknown(
  run: RunStatement,
  rows: readonly EffectRow[],
  policy: EffectPolicy,
  mask: Mask,
): Promise<EffectRow[]> {
  const flying = rows.filter(row => row.state === 'sending').map(row => (row.sendingForMs ?? 0) + sendMarginMs)
  if (flying.length > 0) throw new Park('an earlier run is still sending', Math.max(shortestLookMs, ...flying))

  const settled: EffectRow[] = []
  const open: Open[] = []
  for (const row of rows) {
    const { end, stays } = row.state === 'unknown' && !row.closed ? await settleOne(row, policy, mask) : nothing
    if (stays) open.push(stays)
    if (end && (await endEffects(run, [end], null)).length === 0) {
      throw new Park('the effect was settled by someone else meanwhile', shortestLookMs)
    }
    settled.push(end ? { ...row, ...end } : row)
  }
  const [first] = open
  if (first !== undefined) {
    // Looks come less often the longer it takes: evidence by webhook wakes the job anyway.
    const youngestMs = Math.min(...open.map(({ forMs }) => forMs))
    throw new Park(first.why, Math.min(longestLookMs, Math.max(shortestLookMs, youngestMs)))
  }
  return settled
}

/** An unknown that stays one for now. */
interface Open {
  readonly forMs: number
  readonly why: string
}

/** What to write, and whether it stays open nevertheless. */
interface Settled {
  readonly end?: EffectEnd
  readonly stays?: Open
}

const nothing: Settled = {}

/** A provider that fails while it is asked has told nothing: no attempt is spent on that, and the policy's clock runs on. */
async function ask(row: EffectRow, policy: EffectPolicy): Promise<Settlement | TemporaryError> {
  try {
    return await policy.settle(row)
  } catch (error) {
    if (error instanceof TemporaryError) return error
    throw error
  }
}

async function settleOne(row: EffectRow, policy: EffectPolicy, mask: Mask): Promise<Settled> {
  const end = { id: row.id, providerId: null, error: row.error, expectedSends: row.sends }
  const found = await ask(row, policy)
  if (typeof found === 'object' && 'accepted' in found) {
    return { end: { ...end, state: 'accepted', providerId: found.accepted, error: null, evidence: 'lookup' } }
  }
  if (found === 'not-sent') return { end: { ...end, state: 'reserved', evidence: 'lookup' } }
  const forMs = row.unknownForMs ?? 0
  // One failed look proves little, however late it comes: only a second one in a row leaves the decision to policy.
  if (found !== 'cannot-tell' && row.error?.code !== found.code) {
    const failed = { ...end, state: 'unknown', error: storedError(found, mask), evidence: 'lookup' } as const
    return { end: failed, stays: { forMs, why: found.message } }
  }
  if (forMs < policy.whenUnsettled.afterMs) {
    const why = found === 'cannot-tell' ? 'it is not known yet whether the provider took it' : found.message
    return { stays: { forMs, why } }
  }
  const resend = policy.whenUnsettled.action === 'resend' && row.sends < maxSendsByPolicy
  return { end: { ...end, state: resend ? 'reserved' : 'unknown', evidence: 'policy' } }
}
