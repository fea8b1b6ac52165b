import { newJobId } from '../../src/ledger/job-id.ts'
import type { World } from './world.ts'

/** Stores a webhook as the intake would. Answers the payload of the job that handles it. */
export async function givenEvent(
  { database }: World,
  source: string,
  type: string,
  body: unknown,
): Promise<{ inbox_id: string }> {
  const id = newJobId()
  await database.knex('hbnb_jobs.webhook_inbox').insert({
    id,
    source,
    event_id: `event-${id}`,
    scheme: source === 'sendgrid' ? 'sendgrid' : 'standard',
    type,
    body: JSON.stringify(body),
    body_sha256: id,
    job_id: newJobId(),
  })
  return { inbox_id: id }
}
