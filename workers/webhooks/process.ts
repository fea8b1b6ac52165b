import contract from '../../queues/webhooks/process.ts'
import { findInboxEvent, type InboxEvent, markHandled } from '../../src/db/inbox.ts'
import { waitingEventJobs } from '../../src/db/reactions.ts'
import { hbnbEvent, sourceOf } from '../../src/domain/events/hbnb-events.ts'
import { occurrenceOf } from '../../src/domain/events/occurrence.ts'
import { nextLook } from '../../src/domain/unknown-entity.ts'
import { NotYet, PermanentError, Skipped, TemporaryError } from '../../src/errors.ts'
import { promoteJob } from '../../src/ledger/promote.ts'
import { type Context, process } from '../runtime/process.ts'
import { fetchMissing } from './fetch-missing.ts'
import { reactTo } from './react-to.ts'

export default process(contract, async ({ inbox_id }, context) => {
  const { db, job, transaction } = context
  const stored = await findInboxEvent(db, inbox_id)
  if (!stored) throw new PermanentError('unknown-event', 'the inbox has no such event')
  const parsed = hbnbEvent.safeParse(stored.body)
  if (!parsed.success) {
    // A newer door may have taken what this worker does not read; a newer worker will.
    if (sourceOf(stored.type) !== undefined)
      throw new TemporaryError('unreadable-event', 'the event is of no form known here')
    const reason = 'events of this type are not known here'
    await markHandled(db, inbox_id, 'ignored', reason)
    return new Skipped(reason)
  }

  const occurrence = occurrenceOf(parsed.data, identityOf(stored))
  await fetchMissing(occurrence, context)
  const answer = await transaction(tx => reactTo(tx, stored, occurrence, context))
  if (answer.kind === 'done' || answer.kind === 'ignored') await wakeOthers(occurrence.entity, context)
  if (answer.kind === 'done') return { event: stored.type, job_ids: [...answer.jobIds] }
  if (answer.kind === 'ignored') return new Skipped(answer.reason)
  if (answer.kind === 'early') throw new NotYet('out-of-turn', answer.reason, answer.until)
  throw unknown(answer.what, job.acceptedAt)
})

/** Equal bodies without an id are one event, also when their sender tries for longer than the door remembers them. */
function identityOf({ scheme, event_id, body_sha256 }: InboxEvent): string {
  return scheme === 'legacy' ? body_sha256 : event_id
}

/** Only a hint: who waits for its turn looks by itself as well. */
async function wakeOthers(entity: string, { db, ledger }: Context): Promise<void> {
  for (const id of await waitingEventJobs(db, entity)) await promoteJob(ledger, id)
}

function unknown(what: string, acceptedAt: Date): Error {
  const [code, message] = [`unknown-${what}`, `the platform has not told us of this ${what}`]
  const until = nextLook(acceptedAt, new Date())
  return until ? new NotYet(code, message, until) : new PermanentError(code, message)
}
