import { v7 } from 'uuid'
import type { Database } from '../../src/db/connect.ts'
import { jobForEvent, type StoredKind } from '../../src/db/inbox-job.ts'
import type { InboxState } from '../../src/db/inbox-search.ts'
import { acceptJobs } from '../../src/ledger/accept.ts'
import { newJobId } from '../../src/ledger/job-id.ts'

/** An event of the inbox as a search or a replay meets it. `atMs` is the time in its id. */
export interface GivenInboxEvent extends StoredKind {
  readonly atMs: number
  readonly body: unknown
  readonly state: InboxState
  readonly reason: string | null
}

/** Writes an event and its job in some state. Answers both ids; that of the job is null where nothing reacts. */
export async function givenInboxEvent(
  { knex, run }: Database,
  asked: Partial<GivenInboxEvent> & Pick<GivenInboxEvent, 'state'>,
): Promise<{ readonly id: string; readonly jobId: string | null }> {
  const { atMs, type = 'booking.confirmed', reason = null, state } = asked
  const {
    id = atMs === undefined ? newJobId() : v7({ msecs: atMs }),
    source = 'booking',
    entity = 'booking:42',
  } = asked
  const { body = { event: type, booking_id: '42' } } = asked
  const job = jobForEvent({ id, source, type, entity })
  await knex('hbnb_jobs.webhook_inbox').insert({
    id,
    source,
    event_id: `evt_${id}`,
    scheme: source === 'sendgrid' ? 'sendgrid' : 'standard',
    type,
    body: JSON.stringify(body),
    body_sha256: id,
    entity,
    received_at: new Date(atMs ?? Date.now()),
    job_id: job?.id ?? null,
    ...(state === 'waiting' || state === 'failed' ? {} : { handled: state, handled_reason: reason }),
  })
  if (job === undefined) return { id, jobId: null }
  await acceptJobs(run, [job])
  if (state !== 'waiting') await endJob({ knex }, job.id, state === 'failed' ? 'failed' : 'completed', reason)
  return { id, jobId: job.id }
}

/** Ends the job of an event; of a failed one `reason` is the message of its error. */
export async function endJob(
  { knex }: Pick<Database, 'knex'>,
  id: string,
  outcome: 'completed' | 'failed',
  reason: string | null = null,
): Promise<void> {
  const error = outcome === 'failed' && reason !== null ? { name: 'Error', code: null, message: reason } : null
  await knex('hbnb_jobs.job_live').where({ id }).delete()
  await knex('hbnb_jobs.job_outcomes').insert({ id, outcome, attempts: 1, error: error && JSON.stringify(error) })
}
