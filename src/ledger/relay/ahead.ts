import type { QueueBackend } from '../../queue/backend.ts'
import type { QueuedRow } from './pick.ts'

const waitingStates = new Set(['waiting', 'prioritized'])

/** The urgent rows that this relay has put at the head of each queue. */
export interface Ahead {
  /** Whether the last of them still wait, so that no others may be put before them. */
  readonly isWaiting: (name: string) => Promise<boolean>
  /** Notes rows whose copies were added, first those that are served first. */
  readonly added: (rows: readonly QueuedRow[]) => void
}

/**
 * Copies that go ahead are put at the head of their queue, which by itself would serve the latest first and the oldest
 * never. So a relay puts urgent ones there only when all of its last ones have been started: they are served as they
 * arrived. With several relays one is overtaken by at most one such batch of each of the others.
 */
export function openAhead(backend: QueueBackend): Ahead {
  const lastCopy = new Map<string, string>()
  return {
    async isWaiting(name) {
      const copy = lastCopy.get(name)
      if (copy === undefined) return false
      if (waitingStates.has(await backend.queue(name).getJobState(copy))) return true
      lastCopy.delete(name)
      return false
    },
    added(rows) {
      for (const { id, name, run, turn } of rows) if (turn === 'urgent') lastCopy.set(name, `${id}.${run}`)
    },
  }
}
