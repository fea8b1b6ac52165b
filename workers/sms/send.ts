import type { Knex } from 'knex'
import contract from '../../queues/sms/send.ts'
import { isForAnotherNumber, uncountUnsent } from '../../src/db/sms-counts.ts'
import { addressSha256, suppress } from '../../src/db/suppressions.ts'
import { numberRefusals } from '../../src/domain/notifications/sms-faults.ts'
import { segmentsOf } from '../../src/domain/notifications/sms-segments.ts'
import { type PhoneNumber, toE164 } from '../../src/domain/phone.ts'
import type { Recipient } from '../../src/domain/notifications/recipient.ts'
import { isTestTenant } from '../../src/domain/test-tenant.ts'
import { PermanentError, Skipped, TemporaryError } from '../../src/errors.ts'
import type { EffectRow } from '../../src/ledger/effect-rows.ts'
import type { Texter } from '../../src/providers/texter.ts'
import { loadDelivery } from '../notifications/load-delivery.ts'
import type { Settlement } from '../runtime/effect-policy.ts'
import { process } from '../runtime/process.ts'
import { refusedNow } from './refused-now.ts'

/** How long an accepted message may be missing from the provider's list: only later does empty mean "not sent". */
const listLagMs = 30_000
const closeAfterMs = 3_600_000
/** Our clock and the provider's may differ by this much. */
const clockSkewMs = 60_000

export default process(
  contract,
  async ({ delivery_id }, context) => {
    const { db, job, transaction, texter, smsFrom, providerTimeoutMs, signal, effect } = context
    const loaded = await loadDelivery(db, delivery_id)
    const skip = async (skipped: Skipped) => {
      await transaction(tx => uncountUnsent(tx, delivery_id))
      return skipped
    }
    if (loaded instanceof Skipped) return await skip(loaded)
    const phone = mobileOf(loaded.recipient)
    const { body } = loaded.message.sms
    const size = segmentsOf(body)
    const refusal = await refusedNow({ deliveryId: delivery_id, phone, size }, loaded, context)
    if (refusal !== null) return await skip(new Skipped(refusal))

    const provider = await texter()
    const look = { signal, timeoutMs: providerTimeoutMs }
    const sent = effect(
      'sms',
      {
        provider: provider.provider,
        maxPerCall: 1,
        sendWithinMs: providerTimeoutMs,
        settle: async row => {
          // The list of the new number knows nothing of the old one.
          if (await isForAnotherNumber(db, job.id, addressSha256('sms', phone.e164))) return 'cannot-tell'
          return await settle(row, provider, { to: phone.e164, body }, look)
        },
        whenUnsettled: { afterMs: closeAfterMs, action: 'close' },
      },
      async ({ id: effectId }, call) => {
        // The list says that it was not sent after all, and by now it shall not be.
        if (loaded.refusal !== null) throw new TemporaryError('overtaken', loaded.refusal)
        const { expires_at: expiresAt } = loaded.notification
        return await provider.send({ from: smsFrom, to: phone.e164, body, effectId, expiresAt }, call)
      },
    )
    const message_id = await sent.catch(async (error: unknown) => {
      // Its test key has only asked the sandbox, which refuses whatever its tests want refused.
      if (!isTestTenant(job.tenant)) await rememberRefusal(db, phone, error)
      throw error
    })
    return { message_id, ...size }
  },
  async ({ delivery_id }, _, tx) => await uncountUnsent(tx, delivery_id),
)

/** A number that the provider refuses for good is not tried again. */
async function rememberRefusal(db: Knex, { e164 }: PhoneNumber, error: unknown): Promise<void> {
  if (!(error instanceof PermanentError)) return
  const reason = numberRefusals.get(error.code)
  if (reason === undefined) return
  await suppress(db, [{ channel: 'sms', addressSha256: addressSha256('sms', e164), reason, source: 'twilio' }])
}

function mobileOf({ phone: raw, country }: Recipient): PhoneNumber {
  const phone = raw === null ? null : toE164(raw, country ?? '')
  if (phone === null) throw new PermanentError('no-phone', 'the person has no phone number that can be read')
  if (phone.kind !== 'mobile' && phone.kind !== 'either')
    throw new PermanentError('not-a-mobile', 'the phone number is not a mobile one')
  return phone
}

/** Twilio keeps no key of ours, but it lists what it took: the same text to the same number since the reservation. */
async function settle(
  row: EffectRow,
  provider: Texter,
  sms: { to: string; body: string },
  look: { signal: AbortSignal; timeoutMs: number },
): Promise<Settlement> {
  const since = new Date(row.reservedAt.getTime() - clockSkewMs)
  const found = (await provider.sentTo(sms.to, since, look)).find(({ body }) => body === sms.body)
  if (found) return { accepted: found.id }
  return (row.unknownForMs ?? 0) > listLagMs ? 'not-sent' : 'cannot-tell'
}
