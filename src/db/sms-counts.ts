import type { Knex } from 'knex'

/** An SMS about to be sent. */
export interface CountedSms {
  readonly jobId: string
  readonly deliveryId: string
  readonly numberSha256: string
  /** ISO 3166-1 alpha-2, of the number. */
  readonly country: string
  readonly segments: number
  /** Of one segment in minor units, a decimal text. */
  readonly priceMinor: string
}

/** What may be sent in one day of UTC. */
export interface SmsCaps {
  readonly perPersonPerDay: number
  readonly perDay: number
  readonly spendPerDayMinor: number
}

/** Why an SMS is one too many. */
export type CapReached = 'person-cap' | 'day-cap' | 'spend-cap'

/** Longer than a provider takes to tell how an SMS ended, and than anybody looks back. */
const keptDays = 60

interface Standing {
  readonly day: string
  readonly refusal: CapReached | null
  readonly is_first: boolean
}

/**
 * Counts an SMS of a day, or says which cap it would break. Safe to run twice: one that is counted stays counted and may be
 * sent. The row of the day is locked before anything is read, so two workers cannot both take the last place.
 */
export async function countSms(tx: Knex.Transaction, sms: CountedSms, caps: SmsCaps): Promise<CapReached | null> {
  const { jobId: job_id, deliveryId: delivery_id, numberSha256: number_sha256, country, segments, priceMinor } = sms
  if (await tx('hbnb_jobs.sms_sends').where({ job_id }).first('job_id')) return null
  await tx.raw(
    `insert into hbnb_jobs.sms_days as d (day) values (${today}) on conflict (day) do update set messages = d.messages`,
  )
  const { rows } = await tx.raw<{ rows: Standing[] }>(
    `select d.day, d.messages = 0 as is_first,
            case when (select count(*) from hbnb_jobs.sms_sends s
                       where s.number_sha256 = :number_sha256 and s.day = d.day) >= :perPersonPerDay then 'person-cap'
                 when d.messages >= :perDay then 'day-cap'
                 when d.spent_minor + :segments::int * :priceMinor::numeric > :spendPerDayMinor then 'spend-cap' end as refusal
     from hbnb_jobs.sms_days d where d.day = ${today}`,
    { number_sha256, segments, priceMinor, ...caps },
  )
  const [standing] = rows
  if (standing === undefined) throw new Error('the day of an SMS was made and is not there')
  const { day, refusal, is_first } = standing
  if (refusal === 'day-cap' || refusal === 'spend-cap') {
    const noted = { refused: tx.raw('refused + 1'), refused_at: tx.fn.now() }
    await tx('hbnb_jobs.sms_days').where({ day }).update(noted)
  }
  if (refusal !== null) return refusal
  const cost_minor = tx.raw('?::int * ?::numeric', [segments, priceMinor])
  await tx('hbnb_jobs.sms_sends').insert({ job_id, delivery_id, day, number_sha256, country, segments, cost_minor })
  await tx('hbnb_jobs.sms_days')
    .where({ day })
    .update({
      messages: tx.raw('messages + 1'),
      segments: tx.raw('segments + ?', [segments]),
      spent_minor: tx.raw('spent_minor + ?::int * ?::numeric', [segments, priceMinor]),
    })
  if (is_first)
    await tx('hbnb_jobs.sms_sends')
      .where('day', '<', tx.raw('?::date - ?::int', [day, keptDays]))
      .delete()
  return null
}

/** The day of the transaction: one that crosses midnight stays in the day it began. */
const today = `(now() at time zone 'utc')::date`

/** Takes back what was counted for a delivery that will not be sent, unless it may have been. Safe to run twice. */
export async function uncountUnsent(tx: Knex.Transaction, deliveryId: string): Promise<void> {
  await tx.raw(
    `with unsent as (
       delete from hbnb_jobs.sms_sends s
       where s.delivery_id = ?
         and not exists (select from hbnb_jobs.effects e where e.job_id = s.job_id and e.state in ('sending', 'unknown', 'accepted'))
       returning day, segments, cost_minor
     )
     update hbnb_jobs.sms_days d
     set messages = d.messages - u.messages, segments = d.segments - u.segments, spent_minor = d.spent_minor - u.spent_minor
     from (
       select day, count(*)::int as messages, sum(segments)::int as segments, sum(cost_minor) as spent_minor
       from unsent group by day
     ) u where d.day = u.day`,
    [deliveryId],
  )
}

/** Whether a provider has been asked to send the SMS of a job: then nothing speaks against it any more. */
export async function isSmsUnderWay(db: Knex, jobId: string): Promise<boolean> {
  const begun = await db('hbnb_jobs.effects')
    .where({ job_id: jobId })
    .whereIn('state', ['sending', 'unknown', 'accepted'])
    .first('id')
  return begun !== undefined
}

/** Whether the SMS of a job was counted for another number than this: its reader has a new one since. */
export async function isForAnotherNumber(db: Knex, jobId: string, numberSha256: string): Promise<boolean> {
  const counted = await db('hbnb_jobs.sms_sends')
    .where({ job_id: jobId })
    .first<{ number_sha256: string } | undefined>()
  return counted !== undefined && counted.number_sha256 !== numberSha256
}
