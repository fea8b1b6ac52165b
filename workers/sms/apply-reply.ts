import contract from '../../queues/sms/apply-reply.ts'
import { findInboxEvent, markHandled } from '../../src/db/inbox.ts'
import { hasLaterReply, lockReplies } from '../../src/db/sms-replies.ts'
import { lift, suppress } from '../../src/db/suppressions.ts'
import { keptSmsReply } from '../../src/domain/events/sms-reply.ts'
import { PermanentError, Skipped } from '../../src/errors.ts'
import { process } from '../runtime/process.ts'

const overtaken = 'the same number has said something else since'
const noWish = 'it asks neither to stop nor to start'

export default process(contract, async ({ inbox_id }, { db, transaction }) => {
  const stored = await findInboxEvent(db, inbox_id)
  if (!stored) throw new PermanentError('unknown-event', 'the inbox has no such event')
  const { reply, from_sha256: addressSha256 } = keptSmsReply.parse(stored.body)
  const ignored = (why: string) => markHandled(db, inbox_id, 'ignored', why).then(() => new Skipped(why))
  if (reply === 'other') return await ignored(noWish)

  const isLast = await transaction(async tx => {
    await lockReplies(tx, addressSha256)
    // A job that had to wait must not undo what was said after it.
    if (await hasLaterReply(tx, inbox_id, addressSha256)) return false
    const number = { channel: 'sms', addressSha256, reason: 'opted-out' } as const
    if (reply === 'stop') await suppress(tx, [{ ...number, source: 'twilio:reply' }])
    else await lift(tx, number)
    return true
  })
  if (!isLast) return await ignored(overtaken)
  await markHandled(db, inbox_id, 'processed')
  return { reply }
})
