import { createHmac } from 'node:crypto'
import { isLoopback } from '../loopback.ts'
import type { Message } from './messages.ts'

const CALLBACK_TIMEOUT_MS = 5_000

/** How a message ends; `errorCode` is of https://www.twilio.com/docs/api/errors */
interface MessageEnd {
  readonly status: 'delivered' | 'undelivered'
  readonly errorCode: number | null
}

/**
 * Tells a StatusCallback address how a message fared, signed with the account's token: HMAC-SHA1 over the address and
 * the sorted fields (docs: https://www.twilio.com/docs/usage/webhooks/webhooks-security). Sent once; loopback only.
 */
export async function sendStatusCallbacks(
  url: string,
  message: Message,
  end: MessageEnd,
  authToken: string,
): Promise<void> {
  if (!URL.canParse(url) || !isLoopback(new URL(url).hostname)) return
  for (const status of ['sent', end.status]) {
    const fields = {
      AccountSid: message.account_sid,
      ApiVersion: '2010-04-01',
      ...(status === end.status && end.errorCode !== null ? { ErrorCode: String(end.errorCode) } : {}),
      From: message.from,
      MessageSid: message.sid,
      MessageStatus: status,
      SmsSid: message.sid,
      SmsStatus: status,
      To: message.to,
    }
    const signed = url + Object.entries(fields).flat().join('')
    const signature = createHmac('sha1', authToken).update(signed).digest('base64')
    await fetch(url, {
      method: 'POST',
      headers: { 'X-Twilio-Signature': signature },
      body: new URLSearchParams(fields),
      signal: AbortSignal.timeout(CALLBACK_TIMEOUT_MS),
    }).then(
      response => response.body?.cancel(),
      () => undefined,
    )
  }
}
