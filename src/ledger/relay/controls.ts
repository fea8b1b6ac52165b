import type { Catalog } from '../../../queues/catalog.ts'
import type { RunStatement } from '../../db/statement.ts'
import type { CopyQueue, QueueBackend } from '../../queue/backend.ts'
import { heldBudgets } from '../holds.ts'
import { listSettings, type QueueSettings } from '../settings.ts'

/** What the ledger says about queues, carried out on BullMQ: pauses, limits, holds. */
export interface Controls {
  /** Whether a queue takes nothing for now. */
  readonly isHeld: (name: string) => boolean
  /** Reads settings and holds, and carries out what changed. Answers whether anything did. */
  readonly refresh: () => Promise<boolean>
  /** Carries out one queue's settings again: the queue has lost them. */
  readonly reapply: (name: string) => Promise<void>
}

const takeBackAllStatement = {
  name: 'controls-take-back-all',
  text: `
    with back as materialized (
      select id from hbnb_jobs.job_live where name = $1 and state = 'queued' order by id for update
    )
    update hbnb_jobs.job_live l set state = 'accepted', changed_at = now() from back b where l.id = b.id returning l.id`,
}

export function openControls(run: RunStatement, backend: QueueBackend, catalog: Catalog): Controls {
  let settings = new Map<string, QueueSettings>()
  let held = new Map<string, number>()
  // At the start nothing is known of what BullMQ holds from before, so everything is carried out once.
  const carriedOut = new Set<string>()

  async function apply(name: string): Promise<void> {
    const queue = backend.queue(name)
    const wanted = settings.get(name)
    await applyLimits(queue, wanted, catalog.get(name)?.concurrency.everywhere ?? 'unlimited')
    if (!wanted?.pausedAt) {
      await queue.resume()
      return
    }
    // Refused credentials leave BullMQ running, because a probe must get through; the ledger hands nothing else out.
    if (wanted.probeAt === null) await queue.pause()
    // Jobs that the queue alone keeps have no row to go back to.
    if (catalog.get(name)?.durability === 'queue') return
    // Copies first: one that is claimed in between finds its row gone from `queued` and does nothing.
    await queue.drain(true)
    await run(takeBackAllStatement, [name])
  }

  return {
    isHeld(name) {
      const limit = catalog.get(name)?.rateLimit
      const budget = limit !== undefined && limit !== 'none' && 'budget' in limit ? limit.budget : undefined
      return (settings.get(name)?.pausedAt ?? null) !== null || (budget !== undefined && held.has(budget))
    },
    async refresh() {
      const next = new Map((await listSettings(run)).map(row => [row.name, row]))
      held = await heldBudgets(run)
      const changed = [...catalog.keys()].filter(
        name => !carriedOut.has(name) || !isSame(settings.get(name), next.get(name)),
      )
      for (const name of changed) carriedOut.delete(name)
      settings = next
      for (const name of changed) {
        await apply(name)
        carriedOut.add(name)
      }
      return changed.length > 0
    },
    reapply: apply,
  }
}

async function applyLimits(
  queue: CopyQueue,
  wanted: QueueSettings | undefined,
  everywhere: number | 'unlimited',
): Promise<void> {
  const concurrency = wanted?.concurrency ?? everywhere
  if (concurrency === 'unlimited') await queue.removeGlobalConcurrency()
  else await queue.setGlobalConcurrency(concurrency)
  if (wanted?.rateMax && wanted.ratePeriodMs) await queue.setGlobalRateLimit(wanted.rateMax, wanted.ratePeriodMs)
  else await queue.removeGlobalRateLimit()
}

function isSame(before: QueueSettings | undefined, after: QueueSettings | undefined): boolean {
  return essenceOf(before) === essenceOf(after)
}

/** What BullMQ would notice of a queue's settings. */
function essenceOf(row: QueueSettings | undefined): string {
  const { pausedAt = null, probeAt = null, concurrency = null, rateMax = null, ratePeriodMs = null } = row ?? {}
  return [pausedAt !== null, probeAt !== null, concurrency, rateMax, ratePeriodMs].join()
}
