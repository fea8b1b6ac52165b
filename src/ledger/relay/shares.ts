import type { DueLane } from './lanes.ts'

/** How much of one queue may be picked, and by which rules. */
export interface Room {
  readonly name: string
  /** Places for all together. */
  readonly total: number
  /** Of them for rows more urgent than usual: they go ahead of what already waits, or are not picked. */
  readonly urgentRoom: number
  /** For first turns of lanes that have nothing waiting in the queue: they go ahead too. */
  readonly newRoom: number
  /** For everything behind what already waits. */
  readonly ordinaryRoom: number
  /** Of one lane, at most this many in flight; null = no limit. */
  readonly laneLimit: number | null
  /** What the contract gives to jobs whose caller says nothing. Lower is more urgent. */
  readonly usualPriority: number
}

/** What a pick may take from one lane. */
export interface Share {
  readonly name: string
  readonly lane: string
  /** Priorities from `low` to `high`: a limit holds for all of them together. */
  readonly low: number
  readonly high: number
  readonly isNew: boolean
  readonly most: number
  readonly laneLimit: number | null
}

const highestPriority = 1
const lowestPriority = 9
/** Lanes that turn out to have little leave room to the others of the same pick. */
const generosity = 2
/** Counting what is in flight in a lane with a limit walks up to 1,000 of its rows: so many lanes of those per pick. */
const maxLimitedLanes = 30

/**
 * Divides a queue's room between its due lanes: the more urgent first, then those that have nothing waiting in the queue.
 * Where there are more lanes than room, `turn` says with which to begin, so that the next pick serves others.
 */
export function sharesOf(room: Room, due: readonly DueLane[], turn: number): Share[] {
  const { name, total, laneLimit } = room
  const served = inTurn(due, turn)
    .filter(lane => hasPlace(lane, room))
    .toSorted((a, b) => a.priority - b.priority || Number(a.hasWaiting) - Number(b.hasWaiting))
  const lanes =
    laneLimit === null ? served.slice(0, total) : oncePerLane(served).slice(0, Math.min(total, maxLimitedLanes))
  const most = Math.min(total, Math.ceil((generosity * total) / Math.max(1, lanes.length)))
  return lanes.map(({ lane, priority, hasWaiting }) => ({
    name,
    lane,
    low: laneLimit === null ? priority : highestPriority,
    high: laneLimit === null ? priority : lowestPriority,
    isNew: !hasWaiting,
    most,
    laneLimit,
  }))
}

/** The same lanes, beginning with another one at each turn. */
export function inTurn(lanes: readonly DueLane[], turn: number): DueLane[] {
  const start = turn % Math.max(1, lanes.length)
  return [...lanes.slice(start), ...lanes.slice(0, start)]
}

/** The rule of the pick, as far as a lane tells. */
function hasPlace({ priority, hasWaiting }: DueLane, room: Room): boolean {
  if (priority < room.usualPriority) return room.urgentRoom > 0
  return room.ordinaryRoom > 0 || (priority === room.usualPriority && !hasWaiting && room.newRoom > 0)
}

function oncePerLane(lanes: readonly DueLane[]): DueLane[] {
  return [...Map.groupBy(lanes, ({ lane }) => lane).values()].flatMap(same => same.slice(0, 1))
}
