import type { Knex } from 'knex'
import { statusOf } from '../../src/db/entity-status.ts'
import { lastSequenceOf, openEventsOf, type Reaction } from '../../src/db/reactions.ts'
import { decideStep, type Standing } from '../../src/domain/events/decide-step.ts'
import { type Occurrence, stateOf } from '../../src/domain/events/occurrence.ts'
import { nextTurn } from '../../src/domain/unknown-entity.ts'

/** Whether it is an event's turn; `early`: another of its entity should come first, and is looked for again at `until`. */
export type Turn =
  | { readonly kind: 'react' }
  | { readonly kind: 'superseded'; readonly reason: string }
  | { readonly kind: 'early'; readonly reason: string; readonly until: Date }

/** While an event that should come first is in work, this one looks again so often; mostly it is woken before. */
const lookAgainMs = 60_000

/** Decides by what is known now: what was reacted to, the mirror, and the other events in work. Nothing is written. */
export async function takeTurn(
  tx: Knex.Transaction,
  inboxId: string,
  { entity, event, kind, id, snapshot, reached }: Occurrence,
  earlier: readonly Reaction[],
  acceptedAt: Date,
): Promise<Turn> {
  if (!reached) return { kind: 'react' }
  const standing: Standing = {
    reacted: earlier.filter(({ superseded }) => superseded === null).map(({ step }) => stateOf(step)),
    mirrored: kind === 'user' ? undefined : await statusOf(tx, kind, id),
    told: snapshot && 'status' in snapshot.entity ? snapshot.entity.status : undefined,
    lastSequence: await lastSequenceOf(tx, entity),
  }
  const decision = decideStep(reached, event.sequence, standing, true)
  if (decision.kind !== 'wait') return decision

  // After a standstill all have waited long, and the one that should come first may only be a moment away.
  const isAwaited = async (): Promise<boolean> => {
    const open = await openEventsOf(tx, entity, inboxId)
    return open.some(({ type, sequence }) =>
      event.sequence === undefined
        ? type.endsWith(`.${reached.after}`)
        : sequence !== null && sequence > standing.lastSequence && sequence < event.sequence,
    )
  }
  const now = new Date()
  const until = nextTurn(acceptedAt, now) ?? ((await isAwaited()) ? new Date(now.getTime() + lookAgainMs) : undefined)
  if (until) return { kind: 'early', reason: decision.reason, until }
  const impatient = decideStep(reached, event.sequence, standing, false)
  return impatient.kind === 'wait' ? { kind: 'react' } : impatient
}
