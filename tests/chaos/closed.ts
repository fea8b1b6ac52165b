import type { Knex } from 'knex'
import type { FaultsMet } from './doubts.ts'

/** An effect that its written policy closed without knowing. */
export interface Closed {
  readonly jobId: string
  readonly provider: string
  /** Sends that may have been taken. */
  readonly sends: number
  /** Runs of its job that died with their process, a send on its way perhaps. */
  readonly crashes: number
  /** The address, number or device of a booking's guest; null for mails of the test's own jobs. */
  readonly recipient: string | null
  readonly error: string | null
}

export async function closedEffects(knex: Knex): Promise<Closed[]> {
  const { rows } = await knex.raw<{ rows: Closed[] }>(
    `select e.job_id as "jobId", e.provider, e.sends, e.error ->> 'code' as error,
            (select count(*)::int from hbnb_jobs.job_attempts a where a.job_id = e.job_id and a.ending = 'crashed') as crashes,
            case e.provider when 'sendgrid' then u.email when 'twilio' then u.phone
              else (select d.token from platform.devices d where d.user_id = u.id) end as recipient
     from hbnb_jobs.effects e
     left join hbnb_jobs.deliveries d on d.id = (select (j.payload ->> 'delivery_id')::uuid from hbnb_jobs.jobs j where j.id = e.job_id)
     left join hbnb_jobs.notifications n on n.id = d.notification_id
     left join platform.users u on u.id = n.user_id
     where e.state = 'unknown' and e.settled_at is not null`,
  )
  return rows
}

/**
 * Whether nobody could have known: each send met a fault that hides its fate, or died with its process, and the evidence
 * that its policy waits for could not exist. A mail that was taken has an event; an SMS is in the list if that answers.
 */
export function isUnknowable(
  { provider, recipient, sends, crashes }: Closed,
  met: FaultsMet,
  isSeen: boolean,
): boolean {
  const { doubts, looksFail } = recipient === null ? { doubts: 0, looksFail: false } : met.of(provider, recipient)
  if (doubts + crashes < sends) return false
  if (provider === 'sendgrid') return !isSeen
  return provider === 'fcm' || (provider === 'twilio' && looksFail)
}
