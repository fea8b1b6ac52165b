import type { Knex } from 'knex'

/** What a provider says of a delivery, some time after it took it. */
interface ToldStatus {
  readonly effectId: string
  /** The provider's id of what was sent; a status of anything else sent for the same delivery is not noted. */
  readonly providerId: string
  readonly status: string
  readonly errorCode: number | null
  /** What is noted now gives way only when it is one of these, or nothing. */
  readonly after: readonly string[]
}

/** Notes a status on the delivery that an effect was made for. Answers whether it was news. */
export async function noteDeliveryStatus(
  db: Knex,
  { effectId, providerId, status, errorCode, after }: ToldStatus,
): Promise<boolean> {
  const noted = await db('hbnb_jobs.deliveries as d')
    .update({ provider_status: status, provider_error_code: errorCode, provider_status_at: db.fn.now() })
    .updateFrom('hbnb_jobs.effects as e')
    .where({ 'e.id': effectId, 'e.provider_id': providerId })
    .whereRaw('d.job_id = e.job_id')
    .whereRaw('(d.provider_status is null or d.provider_status = any(?::text[]))', [[...after]])
  return noted > 0
}
