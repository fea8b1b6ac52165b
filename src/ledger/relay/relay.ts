import type { Catalog } from '../../../queues/catalog.ts'
import type { RunStatement } from '../../db/statement.ts'
import type { QueueBackend } from '../../queue/backend.ts'
import { giveProbesBack } from '../settings.ts'
import { addCopies } from './copies.ts'
import { dueQueues, firstLane, type LaneCursor, pickRows, supersedeOlder } from './pick.ts'
import { openWindows } from './window.ts'

/** The relay of one process: what it measured of each queue, and where it stopped looking. */
export interface Relay {
  /** Moves what is due and has room, once. Answers how many rows moved. */
  readonly pass: () => Promise<number>
  /** Lets one job of each of these queues through, although they are held, to see whether they can go on. */
  readonly probe: (names: readonly string[]) => Promise<void>
}

/**
 * Moves due rows into their queues: one commit sets them `accepted → queued, run + 1`, then their copies are added.
 * Picks by priority, then fairly by lane, then by due time, and tops each queue up to its window; the rest stay in
 * Postgres, where depth costs nothing. `isHeld` names queues that take nothing for now. Several relays may run.
 */
export function openRelay(
  run: RunStatement,
  backend: QueueBackend,
  catalog: Catalog,
  isHeld: (name: string) => boolean = () => false,
): Relay {
  const windows = openWindows()
  const cursors = new Map<string, LaneCursor>()
  const from = (name: string): LaneCursor => cursors.get(name) ?? firstLane

  async function pass(): Promise<number> {
    const looked = [...catalog.keys()].filter(name => !isHeld(name)).map(name => ({ name, from: from(name) }))
    const found = await dueQueues(run, looked)
    const due = found.filter(({ isDue }) => isDue).map(({ name }) => ({ name, from: from(name) }))
    for (const { name, next } of found) cursors.set(name, next)
    if (due.length === 0) return 0

    await supersedeOlder(
      run,
      due.filter(({ name }) => catalog.get(name)?.unique !== 'none'),
    )
    const rooms = await Promise.all(
      due.map(async ({ name, from: cursor }) => ({ ...(await roomOf(name)), from: cursor })),
    )
    const rows = await pickRows(
      run,
      rooms.filter(({ room }) => room > 0),
    )
    await addCopies(run, backend, rows)
    for (const [name, jobs] of Map.groupBy(rows, row => row.name)) windows.added(name, jobs.length)
    return rows.length
  }

  async function roomOf(name: string) {
    const contract = catalog.get(name)
    const counts = await backend.queue(name).getJobCounts('waiting', 'prioritized', 'delayed')
    const inside = Object.values(counts).reduce((sum, count) => sum + count, 0)
    const laneLimit = contract && contract.perKey !== 'none' ? contract.perKey.maxInFlight : null
    return { name, ...windows.room(name, inside, contract?.concurrency.perProcess ?? 1), laneLimit }
  }

  async function probe(names: readonly string[]): Promise<void> {
    const rooms = names
      .filter(name => catalog.has(name))
      .map(name => ({ name, from: firstLane, room: 1, ordinaryRoom: 1, laneLimit: null }))
    if (rooms.length === 0) return
    const rows = await pickRows(run, rooms)
    await addCopies(run, backend, rows, { probe: true })
    const sent = new Set(rows.map(({ name }) => name))
    await giveProbesBack(
      run,
      names.filter(name => !sent.has(name)),
    )
  }

  return { pass, probe }
}
