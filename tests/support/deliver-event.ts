import { createHash } from 'node:crypto'
import processEvent from '../../queues/webhooks/process.ts'
import { statementsIn } from '../../src/db/statement.ts'
import { type HbnbEvent, entityOf, hbnbEvent, sourceOf } from '../../src/domain/events/hbnb-events.ts'
import { acceptJobs } from '../../src/ledger/accept.ts'
import { newJobId } from '../../src/ledger/job-id.ts'
import { newJob } from '../../src/ledger/new-job.ts'
import type { TestEngine } from './engine.ts'

/** A body as the platform sends it. */
export type EventBody = Readonly<Record<string, unknown>> & { readonly event: HbnbEvent['event'] }

/**
 * Stores an event with its job, as the door does once it has verified it; one whose id is known is not stored again.
 * Answers the ids of both, null when it is a repeat.
 */
export async function deliverEvent(
  { database }: Pick<TestEngine, 'database'>,
  body: EventBody,
  { eventId = `evt-${newJobId()}`, scheme = 'standard' }: { eventId?: string; scheme?: 'standard' | 'legacy' } = {},
): Promise<{ inboxId: string; jobId: string } | null> {
  const inboxId = newJobId()
  const entity = entityOf(hbnbEvent.parse(body))
  const text = JSON.stringify(body)
  const job = newJob(processEvent, { inbox_id: inboxId }, { entity })
  return await database.knex.transaction(async tx => {
    const stored = await tx('hbnb_jobs.webhook_inbox')
      .insert({
        id: inboxId,
        source: sourceOf(body.event),
        event_id: eventId,
        scheme,
        type: body.event,
        body: text,
        body_sha256: createHash('sha256').update(text).digest('hex'),
        entity,
        job_id: job.id,
      })
      .onConflict(['source', 'event_id'])
      .ignore()
      .returning('id')
    if (stored.length === 0) return null
    await acceptJobs(statementsIn(tx), [job])
    return { inboxId, jobId: job.id }
  })
}
