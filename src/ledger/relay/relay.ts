import type { Catalog } from '../../../queues/catalog.ts'
import type { RunStatement } from '../../db/statement.ts'
import type { QueueBackend } from '../../queue/backend.ts'
import { giveProbesBack } from '../settings.ts'
import { openAhead } from './ahead.ts'
import { addCopies } from './copies.ts'
import { dueQueues, firstLane, type LaneCursor } from './lanes.ts'
import { pickRows } from './pick.ts'
import { type Room, sharesOf } from './shares.ts'
import { supersedeOlder } from './supersede.ts'
import { openWindows } from './window.ts'

/** The relay of one process: what it measured of each queue, and where it stopped looking. */
export interface Relay {
  /** Moves what is due and has room, once. Answers how many rows moved. */
  readonly pass: () => Promise<number>
  /** Lets one job of each of these queues through, although they are held, to see whether they can go on. */
  readonly probe: (names: readonly string[]) => Promise<void>
}

const oneProbe = { total: 1, urgentRoom: 0, newRoom: 0, ordinaryRoom: 1, laneLimit: null, usualPriority: 0 }

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
  const ahead = openAhead(backend)
  const cursors = new Map<string, LaneCursor>()
  const turns = new Map<string, number>()
  const turnOf = (name: string): number => turns.get(name) ?? 0

  async function pass(): Promise<number> {
    const looked = [...catalog.keys()].filter(name => !isHeld(name))
    const found = await dueQueues(
      run,
      looked.map(name => ({ name, from: cursors.get(name) ?? firstLane, laneLimit: laneLimitOf(name) })),
    )
    // A queue that has nothing behind its cursor is not among those found: it begins again.
    const next = new Map(found.map(queue => [queue.name, queue.next]))
    for (const name of looked) cursors.set(name, next.get(name) ?? firstLane)
    const due = found.filter(({ lanes }) => lanes.length > 0)
    if (due.length === 0) return 0

    const keyed = due.filter(({ name }) => catalog.get(name)?.unique !== 'none')
    await supersedeOlder(
      run,
      keyed.map(({ name, lanes }) => ({ name, lanes, turn: turnOf(name) })),
    )
    const rooms = await Promise.all(due.map(({ name }) => roomOf(name)))
    const shares = due.flatMap(({ name, lanes }, index) => {
      const room = rooms[index]
      const own = room ? sharesOf(room, lanes, turnOf(name)) : []
      turns.set(name, turnOf(name) + own.length)
      return own
    })
    const rows = await pickRows(run, rooms, shares)
    await addCopies(run, backend, rows)
    ahead.added(rows)
    for (const [name, jobs] of Map.groupBy(rows, row => row.name)) {
      windows.added(name, jobs.length, jobs.filter(({ turn }) => turn === 'new').length)
    }
    return rows.length
  }

  function laneLimitOf(name: string): number | null {
    const contract = catalog.get(name)
    return contract && contract.perKey !== 'none' ? contract.perKey.maxInFlight : null
  }

  async function roomOf(name: string): Promise<Room> {
    const contract = catalog.get(name)
    const [counts, isAheadTaken] = await Promise.all([
      backend.queue(name).getJobCounts('waiting', 'prioritized', 'delayed'),
      ahead.isWaiting(name),
    ])
    const { waiting = 0, prioritized = 0, delayed = 0 } = counts
    const held = { waiting: waiting + prioritized, delayed }
    const { total, newRoom, ordinaryRoom } = windows.room(name, held, contract?.concurrency.perProcess ?? 1)
    return {
      name,
      total,
      urgentRoom: isAheadTaken ? 0 : total,
      newRoom: isAheadTaken ? 0 : newRoom,
      ordinaryRoom,
      laneLimit: laneLimitOf(name),
      usualPriority: contract?.priority ?? 0,
    }
  }

  async function probe(names: readonly string[]): Promise<void> {
    const known = names.filter(name => catalog.has(name))
    if (known.length === 0) return
    const due = await dueQueues(
      run,
      known.map(name => ({ name, from: firstLane, laneLimit: null })),
    )
    const rooms = due.map(({ name }) => ({ name, ...oneProbe }))
    const shares = due.flatMap(({ lanes }, index) => {
      const room = rooms[index]
      return room ? sharesOf(room, lanes, 0) : []
    })
    const rows = await pickRows(run, rooms, shares)
    await addCopies(run, backend, rows, { probe: true })
    const sent = new Set(rows.map(({ name }) => name))
    await giveProbesBack(
      run,
      names.filter(name => !sent.has(name)),
    )
  }

  return { pass, probe }
}
