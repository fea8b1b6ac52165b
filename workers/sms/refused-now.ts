import { countSms, isSmsUnderWay } from '../../src/db/sms-counts.ts'
import { isFiltered } from '../../src/db/sms-told.ts'
import { addressSha256, suppressionsOf } from '../../src/db/suppressions.ts'
import { marketingUntil } from '../../src/domain/notifications/marketing-hours.ts'
import { readerZone } from '../../src/domain/notifications/reader-zone.ts'
import type { Refusal } from '../../src/domain/notifications/reasons.ts'
import type { SmsSegments } from '../../src/domain/notifications/sms-segments.ts'
import type { PhoneNumber } from '../../src/domain/phone.ts'
import { isTestTenant } from '../../src/domain/test-tenant.ts'
import { NotYet } from '../../src/errors.ts'
import type { LoadedDelivery } from '../notifications/load-delivery.ts'
import type { Context } from '../runtime/process.ts'

/** An SMS about to be sent. */
interface Sms {
  readonly deliveryId: string
  readonly phone: PhoneNumber
  readonly size: SmsSegments
}

/**
 * Why an SMS is not sent after all; null when it may be, and then it is counted. Asked at the last moment: a STOP that came
 * while it waited counts, a queue that stood must not empty itself into the night, and what never leaves costs nobody their
 * place. Throws NotYet for marketing at such an hour.
 */
export async function refusedNow(
  { deliveryId, phone, size }: Sms,
  { notification: { category, template }, recipient }: LoadedDelivery,
  { db, job, smsLimits, transaction }: Context,
): Promise<Refusal | null> {
  if (await isSmsUnderWay(db, job.id)) return null
  const { country, e164 } = phone
  if (country === null || !smsLimits.countries.includes(country)) return 'country-not-allowed'
  const suppressed = (await suppressionsOf(db, [{ channel: 'sms', address: e164 }], category)).get(e164)
  if (suppressed !== undefined) return suppressed
  if (template !== null && (await isFiltered(db, template))) return 'filtered'
  const until = marketingUntil(country, category, new Date(), readerZone(recipient.zone))
  if (until !== null) throw new NotYet('marketing-hours', 'no marketing at this hour', until)
  if (isTestTenant(job.tenant)) return null // Its SMS go to the sandbox, which bills nobody.
  const counted = {
    jobId: job.id,
    deliveryId,
    numberSha256: addressSha256('sms', e164),
    country,
    segments: size.segments,
    priceMinor: smsLimits.prices[country] ?? smsLimits.prices['*'] ?? '0',
  }
  return await transaction(tx => countSms(tx, counted, smsLimits))
}
