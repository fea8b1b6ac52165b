import type { Knex } from 'knex'
import { earlierMailStatuses, type MailStatus } from '../domain/events/mail-status.ts'

/** What the mail provider says became of a mail. */
export interface ToldMailStatus {
  readonly effectId: string
  /** Null for a mail that was sent before deliveries had a name of their own there: it is its effect's job. */
  readonly deliveryId: string | null
  /** The provider's id of the mail; a status of another one sent for the same delivery is not noted. */
  readonly providerId: string
  readonly status: MailStatus
  readonly at: Date
}

/** Notes statuses, one of each delivery, and never backwards. Answers how many were news. */
export async function noteMailStatuses(db: Knex, told: readonly ToldMailStatus[]): Promise<number> {
  if (told.length === 0) return 0
  const rows = told.map(each => ({ ...each, earlier: earlierMailStatuses(each.status) }))
  const { rows: noted } = await db.raw<{ rows: unknown[] }>(
    `with told as (
       select coalesce(t."deliveryId", e.job_id) as delivery_id, t.*
       from jsonb_to_recordset(?::jsonb) as
         t ("effectId" uuid, "deliveryId" uuid, "providerId" text, status text, at timestamptz, earlier text[])
       join hbnb_jobs.effects e on e.id = t."effectId" and e.provider_id = t."providerId"
     ), mine as materialized (
       select d.id from hbnb_jobs.deliveries d where d.id in (select delivery_id from told) order by d.id for update
     )
     update hbnb_jobs.deliveries d
     set provider_status = t.status, provider_error_code = null, provider_status_at = t.at
     from told t join mine m on m.id = t.delivery_id
     where d.id = m.id and (d.provider_status is null or d.provider_status = any(t.earlier))
     returning d.id`,
    [JSON.stringify(rows)],
  )
  return noted.length
}
