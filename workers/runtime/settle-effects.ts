import type { RunStatement } from '../../src/db/statement.ts'
import { type EffectEnd, type EffectRow, endEffects } from '../../src/ledger/effect-rows.ts'
import { sendMarginMs } from '../../src/ledger/sweep-crashes.ts'
import type { EffectPolicy } from './effects.ts'
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
  const openForMs: number[] = []
  for (const row of rows) {
    const end = row.state === 'unknown' && !row.closed ? await settleOne(row, policy) : undefined
    if (end === 'open') openForMs.push(row.unknownForMs ?? 0)
    if (end !== undefined && end !== 'open' && (await endEffects(run, [end], null)).length === 0) {
      throw new Park('the effect was settled by someone else meanwhile', shortestLookMs)
    }
    settled.push(end === undefined || end === 'open' ? row : { ...row, ...end })
  }
  if (openForMs.length > 0) {
    // Looks come less often the longer it takes: evidence by webhook wakes the job anyway.
    const lookInMs = Math.min(longestLookMs, Math.max(shortestLookMs, Math.min(...openForMs)))
    throw new Park('it is not known yet whether the provider took it', lookInMs)
  }
  return settled
}

async function settleOne(row: EffectRow, policy: EffectPolicy): Promise<EffectEnd | 'open'> {
  const end = { id: row.id, providerId: null, error: row.error, expectedSends: row.sends }
  const found = await policy.settle(row)
  if (typeof found === 'object') {
    return { ...end, state: 'accepted', providerId: found.accepted, error: null, evidence: 'lookup' }
  }
  if (found === 'not-sent') return { ...end, state: 'reserved', evidence: 'lookup' }
  if ((row.unknownForMs ?? 0) < policy.whenUnsettled.afterMs) return 'open'
  const resend = policy.whenUnsettled.action === 'resend' && row.sends < maxSendsByPolicy
  return { ...end, state: resend ? 'reserved' : 'unknown', evidence: 'policy' }
}
