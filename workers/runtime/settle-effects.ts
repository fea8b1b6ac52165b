import type { RunStatement } from '../../src/db/statement.ts'
import { TemporaryError } from '../../src/errors.ts'
import { type EffectEnd, type EffectRow, endEffects } from '../../src/ledger/effect-rows.ts'
import { sendMarginMs } from '../../src/ledger/sweep-crashes.ts'
import type { EffectPolicy, Settlement } from './effects.ts'
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
): Promise<EffectRow[]> {
  const flying = rows.filter(row => row.state === 'sending').map(row => (row.sendingForMs ?? 0) + sendMarginMs)
  if (flying.length > 0) throw new Park('an earlier run is still sending', Math.max(shortestLookMs, ...flying))

  const settled: EffectRow[] = []
  const open: Open[] = []
  for (const row of rows) {
    const end = row.state === 'unknown' && !row.closed ? await settleOne(row, policy) : undefined
    if (end !== undefined && 'openForMs' in end) open.push(end)
    else if (end !== undefined && (await endEffects(run, [end], null)).length === 0) {
      throw new Park('the effect was settled by someone else meanwhile', shortestLookMs)
    }
    settled.push(end === undefined || 'openForMs' in end ? row : { ...row, ...end })
  }
  const [first] = open
  if (first !== undefined) {
    // Looks come less often the longer it takes: evidence by webhook wakes the job anyway.
    const youngestMs = Math.min(...open.map(({ openForMs }) => openForMs))
    throw new Park(first.why, Math.min(longestLookMs, Math.max(shortestLookMs, youngestMs)))
  }
  return settled
}

/** An unknown that stays one for now. */
interface Open {
  readonly openForMs: number
  readonly why: string
}

/** A provider that fails while it is asked has told nothing: no attempt is spent on that, and the policy's clock runs on. */
async function ask(row: EffectRow, policy: EffectPolicy): Promise<Settlement | TemporaryError> {
  try {
    return await policy.settle(row)
  } catch (error) {
    if (error instanceof TemporaryError) return error
    throw error
  }
}

async function settleOne(row: EffectRow, policy: EffectPolicy): Promise<EffectEnd | Open> {
  const end = { id: row.id, providerId: null, error: row.error, expectedSends: row.sends }
  const found = await ask(row, policy)
  if (typeof found === 'object' && 'accepted' in found) {
    return { ...end, state: 'accepted', providerId: found.accepted, error: null, evidence: 'lookup' }
  }
  if (found === 'not-sent') return { ...end, state: 'reserved', evidence: 'lookup' }
  const openForMs = row.unknownForMs ?? 0
  if (openForMs < policy.whenUnsettled.afterMs) {
    const why = found === 'cannot-tell' ? 'it is not known yet whether the provider took it' : found.message
    return { openForMs, why }
  }
  const resend = policy.whenUnsettled.action === 'resend' && row.sends < maxSendsByPolicy
  return { ...end, state: resend ? 'reserved' : 'unknown', evidence: 'policy' }
}
