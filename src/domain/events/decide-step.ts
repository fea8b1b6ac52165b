import { furthestOf, type Reached, rankOf } from './lives.ts'

/** What is known of an entity when an event about it is looked at. */
export interface Standing {
  /** The states its events have brought it to, as far as we reacted to them. */
  readonly reacted: readonly string[]
  /** Its state in the mirror before this event; undefined when the mirror does not know it. */
  readonly mirrored: string | undefined
  /** Its state in the event's own snapshot; undefined when the event carries none. */
  readonly told: string | undefined
  /** The number of the last event we have dealt with; 0 when none had a number. */
  readonly lastSequence: number
}

/** What to do about an event. */
export type Decision =
  | { readonly kind: 'react' }
  /** Another event should come first. */
  | { readonly kind: 'wait'; readonly reason: string }
  /** It comes too late to matter. */
  | { readonly kind: 'superseded'; readonly reason: string }

const react: Decision = { kind: 'react' }

/**
 * Whether an event's step is due, early or too late. In its turn by its number, only what came before it counts: the
 * mirror may be ahead of the events. In all other cases the mirror, too, says how far the entity has come.
 * `patient`: whether it may still wait.
 */
export function decideStep(
  { life, state, after }: Reached,
  sequence: number | undefined,
  standing: Standing,
  patient: boolean,
): Decision {
  const { reacted, mirrored, told, lastSequence } = standing
  const isNext = sequence === lastSequence + 1
  if (patient && sequence !== undefined && sequence > lastSequence + 1) {
    return { kind: 'wait', reason: `number ${sequence} came, the last was ${lastSequence}` }
  }
  const before = isNext ? furthestOf(life, reacted) : furthestOf(life, [...reacted, mirrored])
  // A snapshot is taken after its event, at the earliest: when it says more than the event does, the event is old.
  const furthest = isNext ? before : furthestOf(life, [before, told])
  if (rankOf(life, furthest) > rankOf(life, state))
    return { kind: 'superseded', reason: `too late: already ${furthest}` }
  if (patient && !isNext && after !== undefined && rankOf(life, before) < rankOf(life, after)) {
    return { kind: 'wait', reason: `it is not ${after} yet` }
  }
  return react
}
