import type { Knex } from 'knex'
import { replyTypes } from '../domain/events/sms-reply.ts'

/** Lets the answers of one number be followed one after the other, until the end of the transaction. */
export async function lockReplies(tx: Knex.Transaction, numberSha256: string): Promise<void> {
  await tx.raw('select pg_advisory_xact_lock(hashtextextended(?, 0))', [`sms replies ${numberSha256}`])
}

/** Whether a number has said STOP or START after an event of the inbox. */
export async function hasLaterReply(tx: Knex.Transaction, inboxId: string, numberSha256: string): Promise<boolean> {
  const later = await tx('hbnb_jobs.webhook_inbox')
    .where({ source: 'twilio' })
    .whereIn('type', [replyTypes.stop, replyTypes.start])
    .where('id', '>', inboxId)
    .whereRaw(`body->>'from_sha256' = ?`, [numberSha256])
    .first('id')
  return later !== undefined
}
