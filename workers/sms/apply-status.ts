import contract from '../../queues/sms/apply-status.ts'
import { noteDeliveryStatus } from '../../src/db/delivery-status.ts'
import { findInboxEvent, markHandled } from '../../src/db/inbox.ts'
import { earlierThan, keptSmsCallback } from '../../src/domain/events/sms-status.ts'
import { PermanentError, Skipped } from '../../src/errors.ts'
import { endEffects, wakeParked } from '../../src/ledger/effect-rows.ts'
import { process } from '../runtime/process.ts'
import { learnFromStatus } from './learn-from-status.ts'

const notOurs = 'it names no effect of ours'

export default process(contract, async ({ inbox_id }, context) => {
  const { db, ledger, transaction } = context
  const stored = await findInboxEvent(db, inbox_id)
  if (!stored) throw new PermanentError('unknown-event', 'the inbox has no such event')
  const { MessageSid: sid, MessageStatus: status, ErrorCode: errorCode, effect_id } = keptSmsCallback.parse(stored.body)
  if (effect_id === null) {
    await markHandled(db, inbox_id, 'ignored', notOurs)
    return new Skipped(notOurs)
  }

  // Whatever the status, `failed` too: that there is a message proves that Twilio had taken it.
  const taken = {
    id: effect_id,
    state: 'accepted',
    providerId: sid,
    error: null,
    evidence: 'event',
    expectedSends: null,
  } as const
  const settled = await endEffects(ledger, [taken], null)
  await wakeParked(
    ledger,
    settled.map(({ jobId }) => jobId),
  )
  // The same status gives way to itself: a run whose end was lost learns the same again.
  const told = { effectId: effect_id, providerId: sid, status, errorCode, after: [...earlierThan(status), status] }
  const { isNews, isSentAgain, filtered } = await transaction(async tx => {
    if (!(await noteDeliveryStatus(tx, told))) return { isNews: false, isSentAgain: false, filtered: null }
    return { isNews: true, ...(await learnFromStatus(told, tx, context)) }
  })
  await markHandled(db, inbox_id, 'processed')
  // Done, but somebody has to look at the words: what ends as failed is told to people.
  if (filtered !== null) {
    const words = filtered === '' ? 'an SMS of somebody’s own words' : `the SMS of ${filtered}`
    throw new PermanentError('sms-filtered', `the networks have taken ${words} for spam`)
  }
  return { status, is_news: isNews, settled: settled.length, sent_again: isSentAgain }
})
