import contract from '../../queues/sms/send.ts'
import { toE164 } from '../../src/domain/phone.ts'
import { PermanentError, Skipped } from '../../src/errors.ts'
import type { EffectRow } from '../../src/ledger/effect-rows.ts'
import type { Texter } from '../../src/providers/texter.ts'
import { loadDelivery } from '../notifications/load-delivery.ts'
import type { Settlement } from '../runtime/effect-policy.ts'
import { process } from '../runtime/process.ts'

/** How long an accepted message may be missing from the provider's list: only later does empty mean "not sent". */
const listLagMs = 30_000
const closeAfterMs = 3_600_000
/** Our clock and the provider's may differ by this much. */
const clockSkewMs = 60_000

export default process(
  contract,
  async ({ delivery_id }, { db, texter, smsFrom, providerTimeoutMs, signal, effect }) => {
    const loaded = await loadDelivery(db, delivery_id)
    if (loaded instanceof Skipped) return loaded
    const { recipient, message } = loaded
    const phone = recipient.phone === null ? null : toE164(recipient.phone, recipient.country ?? '')
    if (phone === null) throw new PermanentError('no-phone', 'the person has no phone number that can be read')
    if (phone.kind !== 'mobile' && phone.kind !== 'either')
      throw new PermanentError('not-a-mobile', 'the phone number is not a mobile one')
    const { sms } = message

    const provider = await texter()
    const look = { signal, timeoutMs: providerTimeoutMs }
    const message_id = await effect(
      'sms',
      {
        provider: provider.provider,
        maxPerCall: 1,
        sendWithinMs: providerTimeoutMs,
        settle: row => settle(row, provider, { to: phone.e164, body: sms.body }, look),
        whenUnsettled: { afterMs: closeAfterMs, action: 'close' },
      },
      ({ id: effectId }, call) => provider.send({ from: smsFrom, to: phone.e164, body: sms.body, effectId }, call),
    )
    return { message_id }
  },
)

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
