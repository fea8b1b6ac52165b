import type { Knex } from 'knex'
import { isDeleted } from '../../src/db/entity-status.ts'
import { forgetWhatWasSaid, type InboxEvent, markHandled } from '../../src/db/inbox.ts'
import { lockEntity, passSequence, type Reaction, reactionsTo, recordReaction } from '../../src/db/reactions.ts'
import type { Occurrence } from '../../src/domain/events/occurrence.ts'
import type { Context } from '../runtime/process.ts'
import { findAbout, type Unknown } from './find-about.ts'
import { keepTold } from './keep-told.ts'
import { reactions } from './reactions.ts'
import { takeTurn, type Turn } from './take-turn.ts'

/** What came of an event. */
export type Answer =
  | { readonly kind: 'done'; readonly jobIds: readonly string[] }
  | { readonly kind: 'ignored'; readonly reason: string }
  | Extract<Turn, { kind: 'early' }>
  | Unknown

/**
 * Reacts to an event, once for each step of its entity: the mirror, the step and its jobs are kept together, and events
 * of one entity are taken one after the other.
 */
export async function reactTo(
  tx: Knex.Transaction,
  stored: InboxEvent,
  occurrence: Occurrence,
  context: Context,
): Promise<Answer> {
  await lockEntity(tx, occurrence.entity)
  const answer = await answerTo(tx, stored, occurrence, context)
  if (answer.kind === 'early' || answer.kind === 'unknown') return answer

  await markHandled(tx, stored.id, answer.kind === 'done' ? 'processed' : 'ignored', reasonOf(answer))
  if (await isOfGonePerson(tx, occurrence)) await forgetWhatWasSaid(tx, { id: stored.id })
  if (occurrence.event.sequence !== undefined) await passSequence(tx, occurrence.entity, occurrence.event.sequence)
  return answer
}

async function answerTo(
  tx: Knex.Transaction,
  stored: InboxEvent,
  occurrence: Occurrence,
  context: Context,
): Promise<Answer> {
  const { entity, step } = occurrence
  if (occurrence.event.event === 'user.updated' && occurrence.snapshot === null && context.upstream === null) {
    return { kind: 'ignored', reason: 'it says that something has changed, but not what' }
  }
  const earlier = await reactionsTo(tx, entity)
  const before = earlier.find(reaction => reaction.step === step)
  if (before) {
    await keepTold(tx, occurrence, context)
    return answerAgain(before, stored.id)
  }

  const turn = await takeTurn(tx, stored.id, occurrence, earlier, context.job.acceptedAt)
  if (turn.kind === 'early') return turn
  await keepTold(tx, occurrence, context)
  const reaction = { entity, inbox_id: stored.id, superseded: null, job_ids: [] }
  if (turn.kind === 'superseded') {
    if (step !== null) await recordReaction(tx, { ...reaction, step, superseded: turn.reason })
    return { kind: 'ignored', reason: turn.reason }
  }

  const about = await findAbout(tx, occurrence)
  if ('kind' in about) return about
  const jobIds: string[] = []
  for (const act of reactions[occurrence.event.event]) {
    const jobId = await act(about, tx, context)
    if (jobId !== undefined) jobIds.push(jobId)
  }
  if (step !== null) await recordReaction(tx, { ...reaction, step, job_ids: jobIds })
  return { kind: 'done', jobIds }
}

/** With a person went what events had told of them; what comes later must not stay either. */
async function isOfGonePerson(tx: Knex.Transaction, { kind, id, snapshot }: Occurrence): Promise<boolean> {
  return kind === 'user' && snapshot !== null && (await isDeleted(tx, kind, id))
}

/** The same event again, by a replay or after a crash, is answered as it was; another one that says the same is ignored. */
function answerAgain({ inbox_id, superseded, job_ids }: Reaction, inboxId: string): Answer {
  if (inbox_id !== inboxId) return { kind: 'ignored', reason: 'this was told, and reacted to, before' }
  return superseded === null ? { kind: 'done', jobIds: job_ids } : { kind: 'ignored', reason: superseded }
}

function reasonOf(answer: Answer): string | undefined {
  return answer.kind === 'ignored' ? answer.reason : undefined
}
