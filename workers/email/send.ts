import contract from '../../queues/email/send.ts'
import { addressSha256 } from '../../src/db/suppressions.ts'
import { categories, isOptional } from '../../src/domain/notifications/categories.ts'
import { isProviderTemplate } from '../../src/domain/notifications/provider-template.ts'
import { withUnsubscribeLink } from '../../src/domain/notifications/templates/unsubscribe-link.ts'
import { PermanentError, Skipped } from '../../src/errors.ts'
import { process } from '../runtime/process.ts'
import { type LoadedDelivery, loadDelivery } from '../notifications/load-delivery.ts'

/** SendGrid has no look-up: its event webhook settles a lost answer. After this long without one, see `whenUnsettled`. */
const unsettledAfterMs = 600_000

export default process(contract, async ({ delivery_id }, context) => {
  const { db, job, mailer, mailFrom, unsubscribeUrl, providerTimeoutMs, effect } = context
  const loaded = await loadDelivery(db, delivery_id)
  if (loaded instanceof Skipped) return loaded
  const { notification, recipient, refusal } = loaded
  const to = recipient.email
  if (to === null) throw new PermanentError('no-address', 'the person has no e-mail address any more')
  const { category, locale } = notification
  const { legal } = categories[category]
  const leaving = isOptional(category)
    ? unsubscribeUrl({ addressSha256: addressSha256('email', to), locale, category })
    : null
  const head = { ...mailFrom[legal], to, locale, ...(leaving === null ? {} : { unsubscribeUrl: leaving }) }
  const mail = { ...head, ...wordsOf(loaded, leaving) }

  const provider = await mailer()
  const message_id = await effect(
    'mail',
    {
      provider: provider.provider,
      maxPerCall: 1,
      sendWithinMs: providerTimeoutMs,
      settle: async () => 'cannot-tell',
      // To miss what a contract owes is worse than to read it twice; of anything else, reading it twice is.
      whenUnsettled: {
        afterMs: unsettledAfterMs,
        action: legal === 'transactional' && refusal === null ? 'resend' : 'close',
      },
    },
    (sending, call) =>
      provider.send({ ...mail, customArgs: { effect_id: sending.id, delivery_id, job_id: job.id } }, call),
  )
  return { message_id }
})

/** What a mail says, with a link for people to part with it where they may. */
function wordsOf(loaded: LoadedDelivery, leaving: string | null) {
  const { template, data, locale } = loaded.notification
  if (template !== null && isProviderTemplate(template)) {
    return { templateId: template, variables: leaving === null ? data : { ...data, unsubscribe_url: leaving } }
  }
  const { email } = loaded.message
  return leaving === null ? email : withUnsubscribeLink(email, locale, leaving)
}
