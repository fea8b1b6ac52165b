import { z } from 'zod'
import type { StoredEvent } from '../../db/inbox-store.ts'
import { Problem } from '../http/problem.ts'

/** What a webhook is answered: a repeat gets the ids of the first one. */
export const webhookAnswer = z.object({
  status: z.enum(['accepted', 'duplicate', 'ignored']),
  event_id: z.string(),
  job_id: z.uuid().optional().describe('absent when nothing is to be done'),
})

/** The answer to a stored event. Throws event-id-reused when the id stands for another body. */
export function answerOf({ status, eventId, jobId }: StoredEvent): z.output<typeof webhookAnswer> {
  if (status === 'reused') throw new Problem('event-id-reused')
  return { status, event_id: eventId, ...(jobId === null ? {} : { job_id: jobId }) }
}

/** Said when Postgres went away while an event was being stored. */
export const outcomeUnknown = 'outcome unknown, send it again: what was stored is not stored twice'
