import { z } from 'zod'
import contract from '../../queues/email/send-batch.ts'
import { addressSha256 } from '../../src/db/suppressions.ts'
import { categories, isOptional } from '../../src/domain/notifications/categories.ts'
import { writeOwnWords } from '../../src/domain/notifications/own-words.ts'
import { withUnsubscribeLink } from '../../src/domain/notifications/templates/unsubscribe-link.ts'
import { Skipped } from '../../src/errors.ts'
import { unsubscribePlace } from '../../src/providers/mailer.ts'
import { countStates } from '../notifications/count-states.ts'
import { loadBatch, unsent } from '../notifications/load-batch.ts'
import { process } from '../runtime/process.ts'

/** SendGrid has no look-up: its event webhook settles each mail. After this long without one, see `whenUnsettled`. */
const unsettledAfterMs = 600_000

/** One that SendGrid would refuse costs all others another call. */
const mailbox = z.email()

export default process(contract, async ({ broadcast_id }, context) => {
  const { job, mailer, mailFrom, unsubscribeUrl, providerTimeoutMs, effects } = context
  const loaded = await loadBatch(context, broadcast_id, 'email')
  if (loaded instanceof Skipped) return loaded
  const { broadcast, refusal, due, earlier } = loaded
  const { category, locale } = broadcast
  const { legal } = categories[category]
  const { email } = writeOwnWords(locale, broadcast)
  const words = isOptional(category) ? withUnsubscribeLink(email, locale, unsubscribePlace) : email
  const addresses = new Map(due.map(({ deliveryId, reader }) => [deliveryId, mailbox.safeParse(reader?.email).data]))

  const provider = await mailer()
  const results = await effects(
    due.map(({ deliveryId }) => deliveryId),
    {
      provider: provider.provider,
      maxPerCall: provider.maxMailsPerCall,
      sendWithinMs: providerTimeoutMs,
      settle: async () => 'cannot-tell',
      whenUnsettled: {
        afterMs: unsettledAfterMs,
        action: legal === 'transactional' && refusal === null ? 'resend' : 'close',
      },
    },
    async (sendings, call) => {
      const there = sendings.flatMap(({ id: effect_id, key: delivery_id }) => {
        const to = addresses.get(delivery_id)
        return to === undefined ? [] : [{ to, customArgs: { effect_id, delivery_id, job_id: job.id } }]
      })
      const readers = there.map(reader => {
        if (!isOptional(category)) return reader
        const subscription = { addressSha256: addressSha256('email', reader.to), locale, category }
        return { ...reader, unsubscribeUrl: unsubscribeUrl(subscription) }
      })
      const told =
        readers.length === 0 ? [] : await provider.sendBatch({ ...mailFrom[legal], locale, ...words, readers }, call)
      const answers = new Map(there.map(({ customArgs }, index) => [customArgs.delivery_id, told[index]]))
      return sendings.map(({ key }) => answers.get(key) ?? { error: unsent(refusal, earlier.get(key)?.isInDoubt) })
    },
  )
  return countStates(results)
})
