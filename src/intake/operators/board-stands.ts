import type { RunStatement } from '../../db/statement.ts'
import { batcher } from '../../ledger/batcher.ts'
import { queueStands, type QueueStand } from './board-columns.ts'

/** All queues of a page in one statement. */
const together = { maxItems: 1_000, maxInFlight: 1 }
/** Pages ask every five seconds. A look that takes longer than this (a million rows) is shown again for ten times as long. */
const slowMs = 100
const restFactor = 10

/** How one queue stands: asked for all queues at once, as the board's page does, they are looked at once. */
export function standReader(
  run: RunStatement,
  now: () => number = () => performance.now(),
): (name: string) => Promise<QueueStand> {
  let kept = new Map<string, QueueStand>()
  let keptUntilMs = 0

  return batcher<string, QueueStand>(together, async names => {
    const startMs = now()
    const known = names.flatMap(name => kept.get(name) ?? [])
    if (startMs < keptUntilMs && known.length === names.length) return known
    const stands = await queueStands(run, names)
    const tookMs = now() - startMs
    kept = new Map(stands.map(stand => [stand.name, stand]))
    keptUntilMs = tookMs > slowMs ? now() + tookMs * restFactor : 0
    return stands
  })
}
