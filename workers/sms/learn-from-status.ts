import type { Knex } from 'knex'
import smsSend from '../../queues/sms/send.ts'
import { giveSecondJob, isNeverReached, type ToldSms, tellSms } from '../../src/db/sms-told.ts'
import { suppress } from '../../src/db/suppressions.ts'
import type { SmsStatus } from '../../src/domain/events/sms-status.ts'
import {
  filteredFault,
  type NumberRefusal,
  smsFault,
  unknownFault,
  unreachableFault,
} from '../../src/domain/notifications/sms-faults.ts'
import { childJobId } from '../../src/ledger/job-id.ts'
import type { Context } from '../runtime/process.ts'

const secondKey = 'second'

/** How an SMS fared, as its provider tells. */
interface Told {
  readonly effectId: string
  readonly status: SmsStatus
  readonly errorCode: number | null
}

/** What came of it. */
export interface Learned {
  readonly isSentAgain: boolean
  /** The template whose words were taken for spam, or `''` for somebody's own; null when none were. */
  readonly filtered: string | null
}

const nothing: Learned = { isSentAgain: false, filtered: null }

/** Learns from a status that is news: which number gets no more, what is sent once more, what people must be told. */
export async function learnFromStatus(
  { effectId, status, errorCode }: Told,
  tx: Knex.Transaction,
  context: Context,
): Promise<Learned> {
  if (status !== 'delivered' && status !== 'undelivered' && status !== 'failed') return nothing
  const code = status === 'delivered' ? null : (errorCode ?? unknownFault)
  const sms = await tellSms(tx, effectId, code)
  if (sms === undefined || code === null) return nothing
  const { number, againAfterMs } = smsFault(code)
  const refusal = number ?? (await neverReached(tx, sms, code))
  if (refusal !== null) {
    const source = `twilio:${code}`
    await suppress(tx, [{ channel: 'sms', addressSha256: sms.number_sha256, reason: refusal, source }])
  }
  return {
    isSentAgain: refusal === null && againAfterMs !== null && (await sendAgain(sms, againAfterMs, tx, context)),
    filtered: code === filteredFault ? (sms.template ?? '') : null,
  }
}

async function neverReached(tx: Knex, { number_sha256 }: ToldSms, code: number): Promise<NumberRefusal | null> {
  return code === unreachableFault && (await isNeverReached(tx, number_sha256)) ? 'bounced' : null
}

async function sendAgain(
  { delivery_id }: ToldSms,
  afterMs: number,
  tx: Knex.Transaction,
  { job, enqueue }: Context,
): Promise<boolean> {
  const runAt = new Date(Date.now() + afterMs)
  const again = await giveSecondJob(tx, delivery_id, { jobId: childJobId(job.id, secondKey), runAt })
  if (again === undefined) return false
  await enqueue(smsSend, { delivery_id }, { key: secondKey, ...again, runAt, tx })
  return true
}
