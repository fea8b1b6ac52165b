import { type Reader, readersOf } from '../../src/db/audience.ts'
import { type BatchDelivery, batchDeliveries, suppressDeliveries } from '../../src/db/batch-deliveries.ts'
import { type Broadcast, findBroadcast } from '../../src/db/broadcasts.ts'
import { earlierEffects } from '../../src/db/earlier-effects.ts'
import { refusalOf } from '../../src/domain/notifications/decide-channels.ts'
import type { Refusal } from '../../src/domain/notifications/reasons.ts'
import { Ambiguous, PermanentError, Skipped } from '../../src/errors.ts'
import type { Context } from '../runtime/process.ts'
import { overtaken } from './overtaken.ts'
import { readerFacts } from './reader-facts.ts'

/** What a batch sends, read anew at each attempt. */
export interface LoadedBatch {
  readonly broadcast: Broadcast
  /** Why nothing more is sent of it, though what an earlier attempt has begun must still be settled. */
  readonly refusal: Refusal | null
  /** Without a reader nothing is sent: only what an earlier attempt has begun is left to settle. */
  readonly due: readonly { readonly deliveryId: string; readonly reader: Reader | null }[]
  /** Keys of what earlier attempts have set out to do. */
  readonly earlier: Awaited<ReturnType<typeof earlierEffects>>
}

/** Loads what a batch of a broadcast sends, without whoever is not to be told any more. Skipped when nobody is left. */
export async function loadBatch(
  { db, job }: Pick<Context, 'db' | 'job'>,
  broadcastId: string,
  channel: 'push' | 'email',
): Promise<LoadedBatch | Skipped> {
  const broadcast = await findBroadcast(db, broadcastId)
  if (!broadcast) throw new PermanentError('unknown-broadcast', 'there is no such broadcast')
  const earlier = await earlierEffects(db, job.id)
  const refusal = overtaken(broadcast)
  if (refusal !== null && earlier.size === 0) return new Skipped(refusal)

  const { category } = broadcast
  const deliveries = await batchDeliveries(db, job.id)
  const userIds = deliveries.map(({ user_id }) => user_id)
  const readers = await readersOf(db, userIds, category)
  const factsOf = await readerFacts(db, [...readers.values()], category)
  // What an earlier attempt has begun may be out: it is settled, whatever has changed since.
  const begun = new Set([...earlier.keys()].flatMap(key => key.split(' ', 1)))
  const refusalNow = (delivery: BatchDelivery): Refusal | null => {
    if (begun.has(delivery.id)) return null
    if (refusal !== null) return refusal
    const reader = readers.get(delivery.user_id)
    if (reader === undefined) return 'erased'
    if (delivery.decision === 'defer' && delivery.read_at !== null) return 'read-already'
    return refusalOf(channel, category, factsOf(reader))
  }
  const judged = deliveries.map(delivery => ({ ...delivery, refused: refusalNow(delivery) }))
  await suppressDeliveries(
    db,
    judged.flatMap(({ id, refused }) => (refused === null ? [] : [{ id, reason: refused }])),
  )
  const due = judged
    .filter(({ refused }) => refused === null)
    .map(({ id, user_id }) => ({
      deliveryId: id,
      reader: refusal === null ? (readers.get(user_id) ?? null) : null,
    }))
  return due.length === 0 ? new Skipped('nobody is left to tell') : { broadcast, refusal, due, earlier }
}

/** Why nothing is sent that an earlier attempt had begun with. What may have been sent stays in doubt. */
export function unsent(refusal: Refusal | null, isInDoubt = false): Error {
  const code = refusal === null ? 'no-address' : 'overtaken'
  const message = refusal ?? 'The person has no address that can be used.'
  return isInDoubt ? new Ambiguous(code, message) : new PermanentError(code, message)
}
