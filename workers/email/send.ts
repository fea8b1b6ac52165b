import contract from '../../queues/email/send.ts'
import { PermanentError, Skipped } from '../../src/errors.ts'
import { process } from '../runtime/process.ts'
import { loadDelivery } from '../notifications/load-delivery.ts'

/** SendGrid has no look-up: its event webhook settles a lost answer, or after this long the mail is sent once more. */
const resendAfterMs = 600_000

export default process(contract, async ({ delivery_id }, { db, job, mailer, mailFrom, providerTimeoutMs, effect }) => {
  const loaded = await loadDelivery(db, delivery_id)
  if (loaded instanceof Skipped) return loaded
  const { notification, recipient, message } = loaded
  if (recipient.email === null) throw new PermanentError('no-address', 'the person has no e-mail address any more')
  const { email } = message
  const to = recipient.email

  const provider = await mailer()
  const message_id = await effect(
    'mail',
    {
      provider: provider.provider,
      maxPerCall: 1,
      sendWithinMs: providerTimeoutMs,
      settle: async () => 'cannot-tell',
      whenUnsettled: { afterMs: resendAfterMs, action: 'resend' },
    },
    (sending, call) => {
      const customArgs = { effect_id: sending.id, job_id: job.id }
      return provider.send({ ...mailFrom, to, ...email, locale: notification.locale, customArgs }, call)
    },
  )
  return { message_id }
})
