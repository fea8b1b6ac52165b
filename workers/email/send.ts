import contract from '../../queues/email/send.ts'
import { categories } from '../../src/domain/notifications/categories.ts'
import { PermanentError, Skipped } from '../../src/errors.ts'
import { process } from '../runtime/process.ts'
import { loadDelivery } from '../notifications/load-delivery.ts'

/** SendGrid has no look-up: its event webhook settles a lost answer. After this long without one, see `whenUnsettled`. */
const unsettledAfterMs = 600_000

export default process(contract, async ({ delivery_id }, { db, job, mailer, mailFrom, providerTimeoutMs, effect }) => {
  const loaded = await loadDelivery(db, delivery_id)
  if (loaded instanceof Skipped) return loaded
  const { notification, recipient, message } = loaded
  if (recipient.email === null) throw new PermanentError('no-address', 'the person has no e-mail address any more')
  const { email } = message
  const to = recipient.email
  const { legal } = categories[notification.category]

  const provider = await mailer()
  const message_id = await effect(
    'mail',
    {
      provider: provider.provider,
      maxPerCall: 1,
      sendWithinMs: providerTimeoutMs,
      settle: async () => 'cannot-tell',
      // To miss what a contract owes is worse than to read it twice; of anything else, reading it twice is.
      whenUnsettled: { afterMs: unsettledAfterMs, action: legal === 'transactional' ? 'resend' : 'close' },
    },
    (sending, call) => {
      const customArgs = { effect_id: sending.id, delivery_id, job_id: job.id }
      return provider.send({ ...mailFrom[legal], to, ...email, locale: notification.locale, customArgs }, call)
    },
  )
  return { message_id }
})
