import { randomBytes } from 'node:crypto'
import { smsSegments } from '../sms-segments.ts'

const MAX_MESSAGES_KEPT = 20_000

/** A number that leaves its messages queued, without a date sent (ours, not one of Twilio's test numbers). */
const SLOW_NUMBER = '+15005550010'

/** A Message resource, in Twilio's own spelling (docs: https://www.twilio.com/docs/messaging/api/message-resource). */
export interface Message {
  readonly sid: string
  readonly account_sid: string
  readonly from: string
  readonly to: string
  readonly body: string
  readonly status: string
  readonly num_segments: string
  readonly date_created: string
  readonly date_updated: string
  readonly date_sent: string | null
  readonly uri: string
  readonly [field: string]: unknown
}

/** A message taken, and how it will have ended by the time anybody lists it. */
interface NewMessage {
  readonly from: string
  readonly to: string
  readonly body: string
  readonly status: 'delivered' | 'undelivered'
  readonly errorCode: number | null
}

/** The account's messages. Newest first, as Twilio lists them. */
export interface MessageList {
  add(account: string, message: NewMessage): Message
  find(filter: { account: string; to?: string | undefined; sentFrom?: Date | undefined }): Message[]
  clear(): void
}

export function messageList(): MessageList {
  let kept: Message[] = []
  return {
    add(account, { from, to, body, status, errorCode }) {
      const now = new Date().toUTCString().replace('GMT', '+0000')
      const sid = `SM${randomBytes(16).toString('hex')}`
      const queued: Message = {
        sid,
        account_sid: account,
        from,
        to,
        body,
        status: 'queued',
        num_segments: String(smsSegments(body).segments),
        num_media: '0',
        direction: 'outbound-api',
        api_version: '2010-04-01',
        date_created: now,
        date_updated: now,
        date_sent: null,
        price: null,
        price_unit: 'USD',
        error_code: null,
        error_message: null,
        messaging_service_sid: null,
        uri: `/2010-04-01/Accounts/${account}/Messages/${sid}.json`,
        subresource_uris: { media: `/2010-04-01/Accounts/${account}/Messages/${sid}/Media.json` },
      }
      kept.push(to === SLOW_NUMBER ? queued : { ...queued, status, error_code: errorCode, date_sent: now })
      if (kept.length > 2 * MAX_MESSAGES_KEPT) kept = kept.slice(-MAX_MESSAGES_KEPT)
      return queued
    },
    find({ account, to, sentFrom }) {
      return kept
        .filter(
          message =>
            message.account_sid === account &&
            (to === undefined || message.to === to) &&
            (sentFrom === undefined || (message.date_sent !== null && new Date(message.date_sent) >= sentFrom)),
        )
        .toReversed()
    },
    clear() {
      kept = []
    },
  }
}
