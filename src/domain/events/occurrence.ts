import { entityOf, type HbnbEvent, type HbnbSource, type Snapshot, snapshotOf, sourceOf } from './hbnb-events.ts'
import { reachedBy, type Reached } from './lives.ts'

/** An event as reactions see it, whatever its source. */
export interface Occurrence {
  readonly event: HbnbEvent
  readonly kind: HbnbSource
  readonly id: string
  /** `booking:42` */
  readonly entity: string
  readonly snapshot: Snapshot | null
  /** Null when it only tells of new data. */
  readonly reached: Reached | null
  /** What is reacted to once: the state, and for those that may be reached again what tells them apart. */
  readonly step: string | null
}

/** `identity`: the same whenever the event is sent again; it tells repeated steps apart where nothing in them does. */
export function occurrenceOf(event: HbnbEvent, identity: string): Occurrence {
  const kind = sourceOf(event.event)
  const entity = entityOf(event)
  const snapshot = snapshotOf(event)
  const reached = reachedBy[event.event]
  const step = reached && stepOf(reached.state, event, snapshot, identity)
  return { event, kind, id: entity.slice(kind.length + 1), entity, snapshot, reached, step }
}

/** A payment may fail and be refunded several times; all else happens to an entity once. */
function stepOf(
  state: string,
  { sequence, occurred_at }: HbnbEvent,
  snapshot: Snapshot | null,
  identity: string,
): string {
  const at = occurred_at === undefined ? undefined : new Date(occurred_at).toISOString()
  if (state === 'refunded') {
    return `${state}:${sumIn(snapshot) ?? sequence ?? at ?? identity}`
  }
  return state === 'failed' ? `${state}:${sequence ?? at ?? identity}` : state
}

/** Of a refund that was made, 0 only says that its sender has not named the sum. */
function sumIn(snapshot: Snapshot | null): number | undefined {
  const refunded = snapshot?.kind === 'payment' ? snapshot.entity.refunded_minor : 0
  return refunded > 0 ? refunded : undefined
}

/** The state of a step. */
export function stateOf(step: string): string {
  return step.split(':', 1).join('')
}
