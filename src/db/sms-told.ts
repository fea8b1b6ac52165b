import type { Knex } from 'knex'
import { filteredFault, unreachableFault } from '../domain/notifications/sms-faults.ts'

/** An SMS of which the provider has told how it ended. */
export interface ToldSms {
  readonly delivery_id: string
  readonly number_sha256: string
  readonly template: string | null
}

/**
 * Notes how an SMS ended; `fault` is null when it arrived. Undefined for one that was not counted: a test's, or one so old
 * that it is forgotten.
 */
export async function tellSms(tx: Knex, effectId: string, fault: number | null): Promise<ToldSms | undefined> {
  const { rows } = await tx.raw<{ rows: ToldSms[] }>(
    `update hbnb_jobs.sms_sends s set told_at = now(), told_fault = ?
     from hbnb_jobs.effects e, hbnb_jobs.deliveries d, hbnb_jobs.notifications n
     where e.id = ? and s.job_id = e.job_id and d.id = s.delivery_id and n.id = d.notification_id
     returning s.delivery_id, s.number_sha256, n.template`,
    [fault, effectId],
  )
  return rows[0]
}

const unreachableInARow = 5
/** Nobody is forgotten over a week in the mountains. */
const unreachableForDays = 7

/** Whether the last SMS to a number have all found it out of reach, for longer than a phone stays switched off. */
export async function isNeverReached(tx: Knex, numberSha256: string): Promise<boolean> {
  const { rows } = await tx.raw<{ rows: { is_never_reached: boolean }[] }>(
    `select count(*) = ? and bool_and(told_fault is not distinct from ?)
            and max(counted_at) - min(counted_at) >= ? * interval '1 day' as is_never_reached
     from (select told_fault, counted_at from hbnb_jobs.sms_sends
           where number_sha256 = ? and told_at is not null order by counted_at desc limit ?) last`,
    [unreachableInARow, unreachableFault, unreachableForDays, numberSha256, unreachableInARow],
  )
  return rows[0]?.is_never_reached === true
}

const filteredADay = 3

/** Whether the networks have lately taken the SMS of a template for spam, again and again. */
export async function isFiltered(db: Knex, template: string): Promise<boolean> {
  const { rows } = await db.raw<{ rows: unknown[] }>(
    `select from hbnb_jobs.sms_sends s
     join hbnb_jobs.deliveries d on d.id = s.delivery_id join hbnb_jobs.notifications n on n.id = d.notification_id
     where s.told_fault = ${filteredFault} and s.told_at > now() - interval '1 day' and n.template = ?
     limit ${filteredADay}`,
    [template],
  )
  return rows.length === filteredADay
}

/** What a second send needs to know of the first. */
export interface SentAgain {
  readonly tenant: string
  readonly entity: string | null
}

/** Longer than anybody waits for an SMS that says nothing of its own end. */
const usefulForHours = 48

/** Gives a delivery the job that sends it once more; undefined when it had its second, or it would come too late. */
export async function giveSecondJob(
  tx: Knex,
  deliveryId: string,
  second: { readonly jobId: string; readonly runAt: Date },
): Promise<SentAgain | undefined> {
  const { rows } = await tx.raw<{ rows: SentAgain[] }>(
    `update hbnb_jobs.deliveries d
     set job_id = :jobId, sent_again_at = now(), provider_status = null, provider_error_code = null, provider_status_at = null
     from hbnb_jobs.notifications n
     where d.id = :deliveryId and n.id = d.notification_id and d.sent_again_at is null and n.cancelled_at is null
       and coalesce(n.expires_at, n.created_at + interval '${usefulForHours} hours') > :runAt
     returning n.tenant, n.entity`,
    { deliveryId, ...second },
  )
  return rows[0]
}
