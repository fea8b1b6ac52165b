import { z } from 'zod'

/**
 * How far an SMS can have come, by Twilio's MessageStatus. Callbacks come in any order and more than once: a status gives
 * way only to one of a later row. Values: https://www.twilio.com/docs/messaging/api/message-resource#message-status-values
 */
const steps = [
  ['accepted', 'scheduled'],
  ['queued'],
  ['sending'],
  ['sent'],
  ['delivered', 'undelivered', 'failed', 'canceled'],
  ['read'],
] as const

const smsStatuses = steps.flat()

/** One of Twilio's statuses of a message that we sent. */
export type SmsStatus = (typeof smsStatuses)[number]

/** The statuses that one puts an end to. */
export function earlierThan(status: SmsStatus): SmsStatus[] {
  const own = steps.findIndex(step => step.some(one => one === status))
  return steps.slice(0, own).flat()
}

/**
 * What is kept of a status callback. Numbers and text (`To`, `From`, `Body`) are dropped before it is stored. Each field
 * has a form that no number of a person fits in. Fields: https://www.twilio.com/docs/messaging/guides/track-outbound-message-status
 */
export const keptSmsCallback = z.object({
  MessageSid: z.string().regex(/^(SM|MM)[0-9a-f]{32}$/),
  MessageStatus: z.enum(smsStatuses),
  /** Why it failed, of https://www.twilio.com/docs/api/errors */
  ErrorCode: z.coerce.number().int().min(0).max(999_999).nullable().default(null),
  effect_id: z.uuid().nullable().default(null),
})
